/** Completion scripts, made from the verbs themselves. */

export interface Tree {
  readonly name: string;
  readonly description: string;
  readonly options: readonly {
    readonly flag: string;
    readonly description: string;
    readonly choices: readonly string[];
    readonly takesValue: boolean;
  }[];
  readonly verbs: readonly Tree[];
}

/** Every path of verbs (`state export`) with what may follow. */
function paths(tree: Tree, before: readonly string[] = []): { path: string; tree: Tree }[] {
  return [
    { path: before.join(' '), tree },
    ...tree.verbs.flatMap((verb) => paths(verb, [...before, verb.name])),
  ];
}

const words = ({ verbs, options }: Tree) => [
  ...verbs.map(({ name }) => name),
  ...options.map(({ flag }) => flag),
];

export function bashCompletion(tree: Tree): string {
  const cases = paths(tree).map(
    ({ path, tree: one }) => `    "${path}") words="${words(one).join(' ')}" ;;`,
  );
  return `# openvpc: source <(openvpc completion bash)
_openvpc() {
  local word path="" words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      -*) ;;
      *) _openvpc_is "$path \${word}" && path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
_openvpc_is() {
  case "\${1# }" in
    ${paths(tree)
      .slice(1)
      .map(({ path }) => `"${path}"`)
      .join('|')}) return 0 ;;
  esac
  return 1
}
complete -o default -F _openvpc openvpc`;
}

export function zshCompletion(tree: Tree): string {
  return `#compdef openvpc
# openvpc: source <(openvpc completion zsh)
autoload -U +X bashcompinit && bashcompinit
${bashCompletion(tree)}`;
}

export function fishCompletion(tree: Tree): string {
  const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = paths(tree).flatMap(({ path, tree: one }) => {
    const condition =
      path === ''
        ? '__fish_use_subcommand'
        : path
            .split(' ')
            .map((verb) => `__fish_seen_subcommand_from ${verb}`)
            .join('; and ');
    return [
      ...one.verbs.map(
        ({ name, description }) =>
          `complete -c openvpc -f -n ${quoted(condition)} -a ${name} -d ${quoted(description)}`,
      ),
      ...one.options.map(({ flag, description, choices, takesValue }) =>
        [
          `complete -c openvpc -n ${quoted(condition)} -l ${flag.replace(/^--/, '')}`,
          ...(takesValue ? ['-r'] : []),
          ...(choices.length > 0 ? [`-a ${quoted(choices.join(' '))}`] : []),
          `-d ${quoted(description)}`,
        ].join(' '),
      ),
    ];
  });
  return ['# openvpc: openvpc completion fish | source', ...lines].join('\n');
}
