// Shell scripts inside the arguments of other programs: .shell of sqlite3, :! of vi, \\! of mysql, system("…") of any language.

const prefixed = /^(?:\.shell|\.system|\\!|:?!|-c:!|\+:?!)\s*(.+)$/s;
const call =
  /\b(?:system|popen\d?|execSync|exec|execute|shell_exec|passthru|check_output|getoutput|call|run)\s?\(\s?(["'])/g;
const argCharsMax = 8_192;
const callsMax = 16;

/** The scripts that arguments hold, at most a few of each. Linear: each opening quote is matched by one search. */
export function embeddedScripts(args: readonly string[]): string[] {
  const scripts: string[] = [];
  for (const arg of args) {
    if (arg.length < 4 || arg.length > argCharsMax || scripts.length >= callsMax) continue;
    const whole = prefixed.exec(arg)?.[1];
    if (whole !== undefined) scripts.push(whole);
    call.lastIndex = 0;
    for (let match = call.exec(arg); match !== null && scripts.length < callsMax; match = call.exec(arg)) {
      const start = match.index + match[0].length;
      const end = arg.indexOf(match[1]!, start);
      if (end < 0) break;
      scripts.push(arg.slice(start, end));
      call.lastIndex = end;
    }
  }
  return scripts;
}
