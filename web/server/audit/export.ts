// The lines of an audit export: a header, then one record a line, each in exactly one spelling.
import {
  type AuditExportHeader,
  type AuditPartHeader,
  auditExportHeader,
  auditPartHeader,
} from '../../../core/contracts/audit.ts';
import { canonical } from './canonical.ts';

export interface ExportLine {
  seq: number;
  leaf: string;
  /** Canonical JSON of the record. */
  record: string;
}

export function formatHeader(header: AuditExportHeader | AuditPartHeader): string {
  return canonical(header);
}

/** Throws unless the line is a header in its one spelling. */
export function parseHeader(line: string): AuditExportHeader {
  const header = auditExportHeader.parse(JSON.parse(line));
  if (canonical(header) !== line) throw new Error('the header is not in canonical form');
  return header;
}

export function formatLine({ seq, leaf, record }: ExportLine): string {
  return `{"seq":${seq},"leaf":"${leaf}","record":${record}}`;
}

/** A record of a part with its inclusion proof, lowest sibling first. */
export function formatProvenLine({ seq, leaf, record }: ExportLine, proof: readonly string[]): string {
  return `{"seq":${seq},"leaf":"${leaf}","proof":${JSON.stringify(proof)},"record":${record}}`;
}

const provenPattern =
  /^\{"seq":(0|[1-9]\d{0,15}),"leaf":"([0-9a-f]{64})","proof":\[((?:"[0-9a-f]{64}"(?:,(?!\]))?){0,53})\],"record":(\{.*\})\}$/;

export function parseProvenLine(line: string): (ExportLine & { proof: string[] }) | undefined {
  const match = provenPattern.exec(line);
  if (match === null) return undefined;
  const proof = match[3] === '' ? [] : match[3]!.slice(1, -1).split('","');
  return { seq: Number(match[1]), leaf: match[2]!, record: match[4]!, proof };
}

/** The header of a part, or undefined when the line is none in its one spelling. */
export function parsePartHeader(line: string): AuditPartHeader | undefined {
  if (!line.startsWith('{"checkpoint":')) return undefined;
  const header = auditPartHeader.safeParse(JSON.parse(line));
  return header.success && canonical(header.data) === line ? header.data : undefined;
}

const linePattern = /^\{"seq":(0|[1-9]\d{0,15}),"leaf":"([0-9a-f]{64})","record":(\{.*\})\}$/;

/** Cuts a line into its parts without touching the record's bytes; undefined when it is not as `formatLine` writes it. */
export function parseLine(line: string): ExportLine | undefined {
  const match = linePattern.exec(line);
  return match === null ? undefined : { seq: Number(match[1]), leaf: match[2]!, record: match[3]! };
}
