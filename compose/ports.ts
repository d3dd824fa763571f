// The ports of one machine's processes: the defaults, and how `--port-base` moves them all.

export const defaultPorts = {
  console: 8080,
  collector: 9401,
  broker: 9402,
  'control plane': 9403,
  'detectors gpu': 9405,
  'detectors container': 9406,
  'detectors process': 9407,
  'detectors disk': 9408,
  prometheus: 9090,
  alertmanager: 9093,
} as const;

export type PortName = keyof typeof defaultPorts;
export type Ports = Readonly<Record<PortName, number>>;

/** Every default port moved up by the base. */
export function portsFrom(base: number): Ports {
  const moved = Object.entries(defaultPorts).map(([name, port]) => [name, port + base]);
  return Object.fromEntries(moved) as Ports;
}
