# bash completion for circular(1): the program itself knows what can stand where
_circular()
{
    local word rest paths=
    local -a words=("${COMP_WORDS[@]:1:COMP_CWORD}")
    COMPREPLY=()
    # A word is handed over without its quotes.
    for ((word = 0; word < ${#words[@]}; word++)); do
        words[word]=${words[word]#[\"\']}
        words[word]=${words[word]%[\"\']}
        words[word]=${words[word]//\\/}
    done
    while IFS=$'\t' read -r word rest; do
        word=${word#--*=} # bash takes an option and its value for two words
        case $word in
        */*) paths=yes ;;
        *[!A-Za-z0-9_.@%+,:=-]*) paths=yes ;; # what has to be quoted is a file's name
        esac
        COMPREPLY+=("${word%/}") # readline adds the slash of a folder
    done < <(circular complete "${words[@]}" 2>/dev/null)
    [ -z "$paths" ] || compopt -o filenames
}
complete -F _circular circular
