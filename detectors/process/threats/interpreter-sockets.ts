// Reverse shells in a scripting language: one program text that both opens a connection and starts or wires up a shell.
// Class: GTFOBins "reverse-shell" and "bind-shell" of interpreters and editors; T1059.006 and its siblings.
import type { Command } from './shell/command.ts';
import { shells } from './shell/runners.ts';
import type { Family } from './verdict/family.ts';

/** Ways to open a connection in Python, Perl, Ruby, PHP, Lua, Tcl, Java, Node, awk, Go, R and Julia. */
const opensConnection =
  /socket\.socket|socket\s?\(|\bsocket\s+\S{1,160}\s+\d|import socket|create_connection|use (?:IO::)?Socket|IO::Socket|Socket::INET|TCPSocket|TCPServer|fsockopen|pfsockopen|stream_socket_client|net\.(?:connect|createConnection|Socket|createServer|Dial)|require\s?\(?\s?['"](?:net|tls|socket)['"]|socket\.(?:tcp|connect)|new Socket|java\.net|\/inet[46]?\/(?:tcp|udp)\/|socketConnection|Sockets?\.connect|connect\(\s?\w{0,20},?\s?["']?[\w.]+["']?,\s?\d|TcpStream|Deno\.connect|ztcp/;

/** Ways to start a shell, or to put a connection in place of its input and output. */
const startsShell =
  /dup2\s?\(|pty\.spawn|subprocess|os\.(?:system|popen|exec\w{0,64})\s?\(|\b(?:exec|system|popen|passthru|shell_exec|proc_open|spawn|execve|execSync|spawnSync|pcntl_exec)\s?[("'{[ ]|open\s?\(?\s?STD(?:IN|OUT)|STDIN->fdopen|->fdopen|>&\s?\w{1,8}|IO\.popen|io\.popen|os\.execute|child_process|ProcessBuilder|getRuntime|Runtime\.|\bexec \$\w|`|getline|exec\.Command|Process\.new|Command::new|Deno\.run|run\(/;

const namesShell = /(?:^|[^\w.-])(?:\/(?:usr\/)?bin\/)?(?:ba|da|z|a|k)?sh(?![\w.-])|cmd\.exe|powershell|\bcmd\b|\$c\b/;

const codeCharsMax = 65_536;

/** Texts that are meant to be run as a program: one long argument, or the whole of a joined line. */
function code(command: Command): string {
  if (shells.has(command.name) || command.name === 'grep') return '';
  return command.joined.slice(0, codeCharsMax).replace(/^-e(?=\w)|\s-e(?=\w)/g, ' -e ');
}

export const interpreterSockets: Family = {
  name: 'interpreter-sockets',
  category: 'reverse_shells',
  rules: [
    {
      id: 'script-joins-socket-and-shell',
      technique: 'T1059',
      weight: 'decisive',
      reason: 'A script opens a network connection and starts a shell on it.',
      when: (command) => {
        const text = code(command);
        return opensConnection.test(text) && startsShell.test(text) && namesShell.test(text);
      },
    },
    {
      id: 'script-rewires-socket',
      technique: 'T1059',
      weight: 'strong',
      reason: 'A script puts a network connection in place of its standard input and output.',
      when: (command) => {
        const text = code(command);
        return opensConnection.test(text) && /dup2|->fdopen|STDIN.{0,12}(?:>|<)&|fileno\(\)/.test(text);
      },
    },
    {
      id: 'script-runs-what-it-receives',
      technique: 'T1059',
      weight: 'strong',
      reason: 'A script runs what comes in over a network connection.',
      when: (command) => {
        const text = code(command);
        return (
          opensConnection.test(text) &&
          /(?:recv|gets|getline|readline|read|fgets|receive)\b/.test(text) &&
          /\b(?:exec|eval|system|popen|spawn|subprocess|execute)\b|`/.test(text)
        );
      },
    },
    {
      id: 'awk-network-file',
      technique: 'T1059',
      weight: 'strong',
      reason: 'awk opens a network connection.',
      when: (command) => /^[gmn]?awk$/.test(command.name) && /\/inet[46]?\/(?:tcp|udp)\//.test(command.joined),
    },
    {
      id: 'packed-script',
      technique: 'T1027',
      weight: 'moderate',
      reason: 'A script unpacks another one from an encoded text and runs it.',
      when: (command) => {
        const text = code(command);
        return (
          /b64decode|base64_decode|decode64|unpack\s?\(?\s?['"]u|MIME::Base64|fromhex|Buffer\.from/.test(text) &&
          /\b(?:exec|eval|system|assert)\b/.test(text)
        );
      },
    },
  ],
};
