// Puts settings into force: rendered, checked, written, loaded, and read back from Alertmanager.
import type { Applied, NotificationSettings } from '../../../core/contracts/notifications.ts';
import { type Inbox, renderAlertmanager } from '../../../core/lib/alertmanager-config.ts';
import { readBody } from '../../../core/lib/body.ts';
import { mayComeLater, noAnswer, noSuccess } from '../../../core/lib/no-answer.ts';
import { UserError } from '../user-error.ts';
import { type FetchPorts, fetchJson } from '../watch/fetch-json.ts';
import type { Secrets } from './store.ts';

export interface ConfigurationPorts {
  /** Base address of Alertmanager. */
  alertmanager: string;
  http: FetchPorts;
  inbox: Inbox;
  file: ConfigFile;
  sha256Hex(text: string): string;
  sleep(seconds: number): Promise<void>;
}

export interface ConfigFile {
  /** Undefined where there is none yet. */
  read(): string | undefined;
  /** What amtool has against it; undefined where it has nothing, or is not there to be asked. */
  faultsOf(text: string): Promise<string | undefined>;
  write(text: string): void;
}

const readBacksMax = 10;

/** The text, and the mark by which it is known again. */
function render(settings: NotificationSettings, secrets: Secrets, { inbox, sha256Hex }: ConfigurationPorts) {
  const plan = { settings, secrets, inbox };
  const mark = sha256Hex(renderAlertmanager({ ...plan, mark: '' })).slice(0, 16);
  return { mark, text: renderAlertmanager({ ...plan, mark }) };
}

/**
 * Throws a UserError for settings that amtool or Alertmanager refuses; then the configuration before is in force and on disk.
 * An Alertmanager that does not answer is no fault of the settings: they wait for it.
 */
export async function applyConfiguration(
  settings: NotificationSettings,
  secrets: Secrets,
  ports: ConfigurationPorts,
): Promise<Applied> {
  const { file } = ports;
  const { mark, text } = render(settings, secrets, ports);
  const before = file.read();
  if (before === text && (await isLoaded(mark, ports).catch(() => false))) return { state: 'applied' };
  const faults = await file.faultsOf(text);
  if (faults !== undefined) throw refused('amtool', faults);
  file.write(text);
  try {
    await reload(ports);
  } catch (error) {
    const failure = noAnswer(error);
    if (mayComeLater(failure)) return { state: 'waiting', reason: `Alertmanager ${failure.message}` };
    if (before !== undefined) file.write(before);
    throw refused('Alertmanager', failure.message);
  }
  for (let tries = 0; tries < readBacksMax; tries++) {
    if (await isLoaded(mark, ports).catch(() => false)) return { state: 'applied' };
    await ports.sleep(0.2);
  }
  return { state: 'waiting', reason: 'Alertmanager was told to load them and does not show them.' };
}

function refused(who: string, words: string): UserError {
  return new UserError(422, 'not-usable', `${who} refuses these settings: ${words.slice(0, 500)}`);
}

async function reload({ alertmanager, http }: ConfigurationPorts): Promise<void> {
  const signal = AbortSignal.timeout(http.timeoutSeconds * 1000);
  const response = await http.fetch(`${alertmanager}/-/reload`, { method: 'POST', redirect: 'error', signal });
  if (!response.ok) throw noSuccess(response.status, await readBody(response, http.answerBytesMax));
}

async function isLoaded(mark: string, { alertmanager, http }: ConfigurationPorts): Promise<boolean> {
  const status = (await fetchJson(`${alertmanager}/api/v2/status`, http)) as { config?: { original?: unknown } };
  return String(status.config?.original).includes(`as of ${mark}`);
}
