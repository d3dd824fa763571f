// The settings of a deployment while a person changes them: only what was changed is sent, and none of it makes a revision.
import type { SettingsChange } from '../../../core/contracts/deployment-spec.ts';
import type { DeploymentView } from '../../../core/contracts/deployments.ts';

type Settings = Pick<DeploymentView, 'hosts' | 'sticky' | 'keepRevisions' | 'warmSeconds'>;

export class SettingsForm {
  private readonly before: Settings;
  hosts = $state('');
  sticky = $state(false);
  keepRevisions = $state('');
  warmMinutes = $state('');

  constructor(settings: Settings) {
    const { hosts, sticky, keepRevisions, warmSeconds } = settings;
    this.before = { hosts, sticky, keepRevisions, warmSeconds };
    this.hosts = hosts.join(' ');
    this.sticky = sticky;
    this.keepRevisions = String(keepRevisions);
    this.warmMinutes = String(warmSeconds / 60);
  }

  readonly change = $derived.by((): SettingsChange => {
    const now: Settings = {
      hosts: this.hosts.split(/[\s,]+/).filter(Boolean),
      sticky: this.sticky,
      keepRevisions: Number(this.keepRevisions.trim() || Number.NaN),
      warmSeconds: Math.round(Number(this.warmMinutes.trim() || Number.NaN) * 60),
    };
    const changed = Object.entries(now).filter(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(this.before[key as keyof Settings]),
    );
    return Object.fromEntries(changed);
  });

  readonly problem = $derived.by(() => {
    const { keepRevisions = 2, warmSeconds = 0 } = this.change;
    if (!Number.isInteger(keepRevisions) || keepRevisions < 2 || keepRevisions > 20) return 'Keep 2 to 20 revisions.';
    if (!(warmSeconds >= 0 && warmSeconds <= 604_800)) return 'Warm for 0 to 10,080 minutes (a week).';
    return undefined;
  });

  readonly ready = $derived(Object.keys(this.change).length > 0 && this.problem === undefined);
}
