// The log verified by the verifier that auditors use, from its first record on; what came of the last time is remembered.
import type { AuditExportHeader } from '../../../core/contracts/audit.ts';
import { parseVerifierKey, splitNotes } from './checkpoint.ts';
import { parseHeader } from './export.ts';
import type { AuditLog } from './log.ts';
import { createVerifier, type Finding, readCheckpoints, type VerifyPorts } from './verify.ts';

interface SelfCheckPorts extends VerifyPorts {
  log: Pick<AuditLog, 'exportLines' | 'checkpointFile'>;
  unixSeconds(): number;
  /** Lets others have their turn. */
  rest(): Promise<void>;
}

export interface Verified {
  /** Records whose hashes, order and signed roots were recomputed. */
  size: number;
  atSeconds: number;
  /** What is wrong with the log, and from which record on; null where nothing is. */
  damage: { kind: string; firstBad: number; reason: string } | null;
}

/** Lines between two rests: some ten milliseconds. */
const linesBetweenRests = 500;

/**
 * It proves that what is stored is what was signed; a tail that was cut together with its checkpoints shows only against a witness outside.
 * Cost: that of the verifier, some 50,000 records a second, in turns with everything else.
 */
export class SelfCheck {
  private readonly ports: SelfCheckPorts;
  private running: Promise<Verified> | undefined;
  last: Verified | undefined;

  constructor(ports: SelfCheckPorts) {
    this.ports = ports;
  }

  /** Who asks while it runs is given what comes of that run. */
  run(): Promise<Verified> {
    this.running ??= this.verify().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async verify(): Promise<Verified> {
    const { log, unixSeconds } = this.ports;
    const lines = log.exportLines(0);
    const header = parseHeader(lines.next().value as string);
    const finding = await this.compare(header, lines);
    const damage = finding.kind === 'intact' ? null : finding;
    this.last = { size: header.size, atSeconds: unixSeconds(), damage };
    return this.last;
  }

  private async compare(header: AuditExportHeader, lines: Iterable<string>): Promise<Finding> {
    const { log, rest, ...ports } = this.ports;
    const [keyLine = '', notes = ''] = log.checkpointFile().split(/\n(.*)/s);
    const key = parseVerifierKey(ports.sha256, keyLine);
    const read = readCheckpoints(ports, splitNotes(notes), key, true);
    if ('bad' in read) return read.bad;
    const verifier = createVerifier(ports, header, { key, checkpoints: read.checkpoints, since: 0 });
    let count = 0;
    for (const line of lines) {
      verifier.add(line);
      count += 1;
      if (count % linesBetweenRests === 0) await rest();
    }
    return verifier.finish(true);
  }
}
