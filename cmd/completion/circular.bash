# bash completion for circular(1)
_circular()
{
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "$(circular --help | sed -n 's/^  \([a-z]*\) .*/\1/p') --help --version" -- "$cur"))
        return
    fi
    case $prev in
    --config | -c | --out | -o | --html) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    esac
    case $cur in
    -*) COMPREPLY=($(compgen -W "$(circular "$command" --help | grep -oE -- '--[a-z-]+' | sort -u)" -- "$cur")) ;;
    *)
        case $command in
        send | status) COMPREPLY=($(compgen -W "$(circular status 2>/dev/null | awk '{print $2}')" -- "$cur") $(compgen -f -X '!*.md' -- "$cur")) ;;
        report) COMPREPLY=($(compgen -W "$(circular status 2>/dev/null | awk '{print $2}')" -- "$cur")) ;;
        cron) COMPREPLY=($(compgen -W "print systemd" -- "$cur")) ;;
        lists) COMPREPLY=($(compgen -W "$(circular lists 2>/dev/null | awk '{print $1}')" -- "$cur")) ;;
        digest) COMPREPLY=($(compgen -W "$(sed -n '/^digests:/,/^[a-z#]/s/^  \([A-Za-z0-9_-]*\):$/\1/p' config 2>/dev/null)" -- "$cur")) ;;
        *) COMPREPLY=($(compgen -f -- "$cur") $(compgen -W "$(circular lists 2>/dev/null | awk '{print $1}')" -- "$cur")) ;;
        esac
        ;;
    esac
}
complete -o filenames -F _circular circular
