/**
 * Completion scripts for shells, each a pure function of what can be typed where.
 *
 * They hold everything they complete, so that a press of Tab starts no program. Where nothing of
 * PiCloud's can stand, the shell completes file names, as it would for any program.
 *
 * @module
 */
import type { CommandWords, Flag } from './command-words.ts'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

export const COMPLETION_SCRIPTS: Readonly<Record<Shell, (all: readonly CommandWords[]) => string>> =
  { bash, zsh, fish }

function bash(all: readonly CommandWords[]): string {
  return `# bash completion of picloud
_picloud() {
  local place='' known='' previous="\${COMP_WORDS[COMP_CWORD-1]}" word="\${COMP_WORDS[COMP_CWORD]}"
  local index verbs='' flags='' values
  for ((index = 1; index < COMP_CWORD; index++)); do
    known="\${place:+$place }\${COMP_WORDS[index]}"
    case "$known" in
      ${placesOf(all).join('|')}) place="$known" ;;
    esac
  done
  case "$place $previous" in
${valueCases(all, (flag) => `values='${flag.choices.join(' ')}'`).join('\n')}
  esac
  if [[ -n "\${values+set}" ]]; then
    COMPREPLY=($(compgen -W "$values" -- "$word"))
    return
  fi
  case "$place" in
${all.map(bashWords).join('\n')}
  esac
  if [[ "$word" == -* ]]; then verbs="$flags"; fi
  COMPREPLY=($(compgen -W "$verbs" -- "$word"))
}
complete -o default -F _picloud picloud
`
}

function bashWords({ place, verbs, flags, choices }: CommandWords): string {
  const words = [...verbs.map(({ text }) => text), ...choices].join(' ')
  return `    '${place}') verbs='${words}' flags='${flags.map(({ text }) => text).join(' ')}' ;;`
}

function zsh(all: readonly CommandWords[]): string {
  return `#compdef picloud
# zsh completion of picloud
_picloud() {
  local place='' known='' previous="\${words[CURRENT-1]}" index
  local -a verbs flags values
  for ((index = 2; index < CURRENT; index++)); do
    known="\${place:+$place }\${words[index]}"
    case "$known" in
      ${placesOf(all).join('|')}) place="$known" ;;
    esac
  done
  case "$place $previous" in
${valueCases(all, zshValues).join('\n')}
  esac
  case "$place" in
${all.map(zshWords).join('\n')}
  esac
  if [[ "\${words[CURRENT]}" == -* ]]; then
    _describe 'option' flags
  elif (( \${#verbs} )); then
    _describe 'command' verbs
  else
    _files
  fi
}
if [[ "\${funcstack[1]}" == _picloud ]]; then _picloud "$@"; else compdef _picloud picloud; fi
`
}

function zshValues({ choices }: Flag): string {
  return choices.length === 0 ? '_files; return' : `compadd ${choices.join(' ')}; return`
}

function zshWords({ place, verbs, flags, choices }: CommandWords): string {
  const described = (words: CommandWords['verbs']) =>
    words.map(({ text, about }) => `'${text}:${about}'`).join(' ')
  const all = [described(verbs), ...choices].join(' ').trim()
  return `    '${place}') verbs=(${all}) flags=(${described(flags)}) ;;`
}

function fish(all: readonly CommandWords[]): string {
  return `# fish completion of picloud
function __picloud_at
  set -l place
  for word in (commandline -opc)[2..-1]
    set -l known (string join ' ' $place $word)
    if contains -- $known ${placesOf(all).join(' ')}
      set place $known
    end
  end
  test "$place" = "$argv[1]"
end
${all.flatMap(fishWords).join('\n')}
`
}

function fishWords({ place, verbs, flags, choices }: CommandWords): readonly string[] {
  const here = `complete -c picloud -n '__picloud_at "${place}"'`
  return [
    ...verbs.map(({ text, about }) => `${here} -f -a ${text} -d '${about}'`),
    ...choices.map((text) => `${here} -f -a ${text}`),
    ...flags.map(({ text, about, takesValue, choices }) => {
      const values = choices.length === 0 ? '-r' : `-x -a '${choices.join(' ')}'`
      return `${here} -l ${text.slice(2)}${takesValue ? ` ${values}` : ''} -d '${about}'`
    }),
  ]
}

/** Quoted, and none of them empty. */
function placesOf(all: readonly CommandWords[]): readonly string[] {
  return all.flatMap(({ place }) => (place === '' ? [] : [`'${place}'`]))
}

/** A case for every flag that takes a value, which stands right after it. */
function valueCases(all: readonly CommandWords[], body: (flag: Flag) => string): readonly string[] {
  return all.flatMap(({ place, flags }) =>
    flags
      .filter(({ takesValue }) => takesValue)
      .map((flag) => `    '${place} ${flag.text}') ${body(flag)} ;;`),
  )
}
