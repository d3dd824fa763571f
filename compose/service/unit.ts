// The systemd unit that starts Odyssey with the machine.

export interface UnitPlan {
  root: string;
  dataDir: string;
  portBase: number;
  node: string;
  user: string;
  home: string;
}

/** The text of odyssey.service. The supervisor ends its children itself; what it leaves after 30 seconds systemd kills. */
export function renderUnit({ root, dataDir, portBase, node, user, home }: UnitPlan): string {
  const flags = ['--disable-warning=ExperimentalWarning', '--optimize-for-size', '--max-semi-space-size=1'];
  const options = ['--data', dataDir, ...(portBase === 0 ? [] : ['--port-base', String(portBase)])];
  const command = [node, ...flags, `${root}/compose/start/main.ts`, ...options].map(quote).join(' ');
  return [
    '[Unit]',
    'Description=Odyssey: metrics, anomaly detection and orchestration for this host',
    'Wants=network-online.target',
    'After=network-online.target docker.service',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    `User=${user}`,
    `WorkingDirectory=${escapePercent(root)}`,
    `Environment=${quote(`HOME=${home}`)}`,
    `ExecStart=${command}`,
    'Restart=always',
    'RestartSec=5',
    'KillMode=mixed',
    'TimeoutStopSec=30',
    'NoNewPrivileges=yes',
    'MemoryHigh=1200M',
    'MemoryMax=1500M',
    'TasksMax=512',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n');
}

/** systemd reads %, $, backslash and quotes in a command in its own way. */
function quote(word: string): string {
  const escaped = escapePercent(word).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('$', '$$$$');
  return /^[\w@%+=:,./-]+$/.test(escaped) ? escaped : `"${escaped}"`;
}

function escapePercent(word: string): string {
  return word.replaceAll('%', '%%');
}
