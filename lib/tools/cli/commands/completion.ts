import { type Command, defineCommand, UsageError } from '../command';
import { completionScripts } from '../completion';
import { writeText } from '../output';

/** Defines the command that prints completion scripts for the others. */
export function completionOf(commands: readonly Command[]): Command {
  const shells = Object.keys(completionScripts);
  const completion = defineCommand({
    name: 'completion',
    summary: 'print a completion script for a shell',
    positionals: shells.join('|'),
    choices: shells,
    description: 'Completes commands, options, and the names of events, interfaces and actions.',
    options: {},
    examples: [
      ['source <(wework-spec completion bash)', 'in ~/.bashrc'],
      ['source <(wework-spec completion zsh)', 'in ~/.zshrc, after compinit'],
      ['wework-spec completion fish > ~/.config/fish/completions/wework-spec.fish', 'for fish'],
    ],
    run({ positionals, stdout }) {
      const [shell = '', ...more] = positionals;
      const script = Object.hasOwn(completionScripts, shell)
        ? completionScripts[shell as keyof typeof completionScripts]
        : undefined;
      if (script === undefined || more.length > 0) {
        throw new UsageError(`completion: expected a shell: ${shells.join(', ')}`);
      }
      writeText(stdout, script([...commands, completion]));
      return 0;
    },
  });
  return completion;
}
