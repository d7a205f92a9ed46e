import type { Command, Option } from './command';
import { shellQuoted as quoted } from './output';

/** The scripts that complete the command line, by shell. */
export const completionScripts = { bash, zsh, fish } as const;

const HELP: Option = { type: 'boolean', description: 'show this help' };

function optionsOf({ options }: Command): [name: string, option: Option][] {
  return [...Object.entries(options), ['help', HELP]];
}

function bash(commands: readonly Command[]): string {
  const values = commands.flatMap((command) =>
    optionsOf(command)
      .filter(([, { type }]) => type === 'string')
      .map(
        ([name, { choices = [] }]) =>
          `    ${command.name}:--${name}) candidates=${quoted(choices.join(' '))} ;;\n`,
      ),
  );
  const words = commands.map((command) => {
    const all = [...(command.choices ?? []), ...optionsOf(command).map(([name]) => `--${name}`)];
    return `      ${command.name}) candidates=${quoted(all.join(' '))} ;;\n`;
  });
  const names = quoted([...commands.map(({ name }) => name), 'help'].join(' '));
  return `_wework_spec() {
  local current=\${COMP_WORDS[COMP_CWORD]} command=\${COMP_WORDS[1]} candidates=
  if [ "$COMP_CWORD" -eq 1 ] || { [ "$COMP_CWORD" -eq 2 ] && [ "$command" = help ]; }; then
    candidates=${names}
  else
    case "$command:\${COMP_WORDS[COMP_CWORD - 1]}" in
${values.join('')}    *) case "$command" in
${words.join('')}      esac ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$candidates" -- "$current"))
}
complete -o default -F _wework_spec wework-spec
`;
}

function zsh(commands: readonly Command[]): string {
  const described = (pairs: readonly (readonly [string, string])[]): string =>
    pairs.map(([name, text]) => quoted(`${name.replaceAll(':', '\\:')}:${text}`)).join(' ');
  const values = commands.flatMap((command) =>
    optionsOf(command)
      .filter(([, { type }]) => type === 'string')
      .map(([name, { choices }]) => {
        const action =
          choices === undefined ? '_files' : `compadd -- ${choices.map(quoted).join(' ')}`;
        return `    ${command.name}:--${name}) ${action}; return ;;\n`;
      }),
  );
  const words = commands.map((command) => {
    const { name, choices = [] } = command;
    const options = described(
      optionsOf(command).map(([option, { description }]) => [`--${option}`, description]),
    );
    const compadd = choices.length === 0 ? '' : ` compadd -- ${choices.map(quoted).join(' ')};`;
    return `    ${name}) candidates=(${options});${compadd} ;;\n`;
  });
  return `#compdef wework-spec
_wework_spec() {
  local -a candidates
  if (( CURRENT == 2 )) || [[ $CURRENT -eq 3 && $words[2] == help ]]; then
    candidates=(${described(commands.map(({ name, summary }) => [name, summary]))} 'help:show help')
    _describe command candidates
    return
  fi
  case "$words[2]:$words[CURRENT-1]" in
${values.join('')}  esac
  case "$words[2]" in
${words.join('')}  esac
  [[ $words[CURRENT] == -* ]] && _describe option candidates || _files
}
compdef _wework_spec wework-spec
`;
}

function fish(commands: readonly Command[]): string {
  const lines = ['complete -c wework-spec -n __fish_use_subcommand -f'];
  for (const command of commands) {
    const { name, summary, choices } = command;
    lines.push(
      `complete -c wework-spec -n __fish_use_subcommand -a ${name} -d ${quotedForFish(summary)}`,
    );
    const condition = `-n '__fish_seen_subcommand_from ${name}'`;
    if (choices !== undefined) {
      lines.push(`complete -c wework-spec ${condition} -a ${quotedForFish(choices.join(' '))}`);
    }
    for (const [option, { type, short, description, choices: possible }] of optionsOf(command)) {
      const parts = [
        ...(short === undefined ? [] : [`-s ${short}`]),
        ...(type === 'string' ? [possible === undefined ? '-r' : '-x'] : []),
        ...(possible === undefined ? [] : [`-a ${quotedForFish(possible.join(' '))}`]),
        `-d ${quotedForFish(description)}`,
      ];
      lines.push(`complete -c wework-spec ${condition} -l ${option} ${parts.join(' ')}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** A text in single quotes, for fish. */
function quotedForFish(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
