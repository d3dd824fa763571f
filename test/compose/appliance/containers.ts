// The appliance's containers as the engine has them: those of the compose file, and the ingress that the control plane made.
import type { Appliance } from './stack.ts';

export interface Inspected {
  Name: string;
  State: { Pid: number; Health?: { Status: string }; Running: boolean };
  Config: {
    User: string;
    Image: string;
    Env: readonly string[] | null;
    Entrypoint: readonly string[] | null;
    Labels: Readonly<Record<string, string>>;
  };
  HostConfig: {
    Privileged: boolean;
    ReadonlyRootfs: boolean;
    CapAdd: readonly string[] | null;
    CapDrop: readonly string[] | null;
    SecurityOpt: readonly string[] | null;
    GroupAdd: readonly string[] | null;
    PidMode: string;
    IpcMode: string;
    UTSMode: string;
    UsernsMode: string;
    Memory: number;
    PidsLimit: number | null;
    RestartPolicy: { Name: string };
    LogConfig: { Type: string; Config: Record<string, string> };
    PortBindings: Record<string, readonly { HostIp: string; HostPort: string }[]> | null;
    Devices: readonly unknown[] | null;
    DeviceRequests: readonly unknown[] | null;
  };
  NetworkSettings: { Networks: Record<string, unknown> };
  Mounts: readonly { Type: string; Name?: string; Source: string; Destination: string; RW: boolean }[];
}

/** One of the compose file's services, or a container by its whole name behind a slash. */
export async function inspect({ engine }: Appliance, service: string): Promise<Inspected> {
  const name = service.startsWith('/') ? service.slice(1) : `odyssey-${service}-1`;
  const { status, text } = await engine.ask('GET', `/containers/${name}/json`);
  if (status !== 200) throw new Error(`${service}: ${text}`);
  return JSON.parse(text) as Inspected;
}

/** All of them, running or not, by the names that the compose file has for them; the ingress is `haproxy`. */
export async function inspectAll(appliance: Appliance): Promise<ReadonlyMap<string, Inspected>> {
  const { text } = await appliance.engine.ask('GET', '/containers/json?all=1');
  const names = (JSON.parse(text) as { Names: readonly string[] }[]).flatMap(({ Names }) => Names);
  const found = new Map<string, Inspected>();
  for (const name of names.filter((one) => one.startsWith('/odyssey-')).sort())
    found.set(name.replace(/^\/odyssey-|-1$/g, ''), await inspect(appliance, name));
  return found;
}
