/** Shells that `scholar completion` knows. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** The hidden verb that the scripts ask; kubectl asks its plugins under the same name. */
export const COMPLETE = '__complete';

/**
 * @returns a script to be sourced. It asks the command itself, so that it never grows old. It needs nothing of bash-completion,
 * and may be sourced twice.
 */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}

const SCRIPTS: Record<Shell, string> = {
  bash: `# bash completion of scholar: source <(scholar completion bash)
_scholar() {
  local line directive=4
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :[0-9]*) directive=\${line#:} ;;
      *) COMPREPLY+=("\${line%%$'\\t'*}") ;;
    esac
  done < <("\${COMP_WORDS[0]}" ${COMPLETE} -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if [ "$directive" = 0 ]; then compopt -o default 2>/dev/null; fi
}
complete -F _scholar scholar kubectl-scholar`,
  zsh: `#compdef scholar kubectl-scholar
# zsh completion of scholar: source <(scholar completion zsh)
_scholar() {
  local line directive=4
  local -a found
  while IFS= read -r line; do
    case $line in
      :[0-9]*) directive=\${line#:} ;;
      *) found+=("\${line%%$'\\t'*}:\${line#*$'\\t'}") ;;
    esac
  done < <("\${words[1]}" ${COMPLETE} -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if [ "$directive" = 0 ]; then _files; else _describe scholar found; fi
}
compdef _scholar scholar kubectl-scholar`,
  fish: `# fish completion of scholar: scholar completion fish | source
function __scholar_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in ($words[1] ${COMPLETE} -- $words[2..-1] "$current" 2>/dev/null)
        switch $line
            case ':0'
                __fish_complete_path "$current"
            case ':*'
            case '*'
                echo $line
        end
    end
end
complete -c scholar -f -a '(__scholar_complete)'
complete -c kubectl-scholar -f -a '(__scholar_complete)'`,
};
