# fish completion for circular(1): the program itself knows what can stand where
function __circular_complete
    set -l before (commandline -opc)
    circular complete $before[2..-1] (commandline -ct) 2>/dev/null
end
complete -c circular -f -a '(__circular_complete)'
