// The fields that nvidia-smi is asked for, the series each becomes, and how its text is read.

/** A number, a word that means "not on this GPU", or a word that means "could not be read". */
export type Value = { kind: 'number'; value: number } | { kind: 'absent' } | { kind: 'failed' };

export interface Field {
  /** Names by driver generation, the newest first. */
  queries: readonly string[];
  /** Series without the prefix nvidia_smi_; some have two names. */
  series: readonly string[];
  help: string;
  read(text: string): number | undefined;
}

const mebibyte = 1024 * 1024;

function scaled(factor: number): Field['read'] {
  return (text) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) * factor : undefined);
}

function worded(words: readonly string[]): Field['read'] {
  return (text) => {
    const at = words.indexOf(text.toLowerCase());
    return at < 0 ? undefined : at;
  };
}

function field(query: string, series: string, help: string, read: Field['read']): Field {
  return { queries: [query], series: [series], help, read };
}

const plain = scaled(1);
const percent = scaled(0.01);
const mebibytes = scaled(mebibyte);
const megahertz = scaled(1e6);

/** Why clocks are held down; drivers before 535 call them throttle reasons, and dashboards ask for both names. */
const reasons = [
  'gpu_idle',
  'applications_clocks_setting',
  'sync_boost',
  'sw_power_cap',
  'sw_thermal_slowdown',
  'hw_thermal_slowdown',
  'hw_power_brake_slowdown',
].map(
  (reason): Field => ({
    queries: [`clocks_event_reasons.${reason}`, `clocks_throttle_reasons.${reason}`],
    series: [`clocks_event_reasons_${reason}`, `clocks_throttle_reasons_${reason}`],
    help: `1 while clocks are held down by: ${reason.replaceAll('_', ' ')}.`,
    read: worded(['not active', 'active']),
  }),
);

const used = (part: string) => `Share of time the ${part} was busy.`;

export const numberFields: readonly Field[] = [
  field('utilization.gpu', 'utilization_gpu_ratio', used('GPU'), percent),
  field('utilization.memory', 'utilization_memory_ratio', used('memory interface'), percent),
  field('utilization.encoder', 'utilization_encoder_ratio', used('video encoder'), percent),
  field('utilization.decoder', 'utilization_decoder_ratio', used('video decoder'), percent),
  field('memory.total', 'memory_total_bytes', 'Memory of the GPU.', mebibytes),
  field('memory.used', 'memory_used_bytes', 'Memory in use.', mebibytes),
  field('memory.free', 'memory_free_bytes', 'Memory that is free.', mebibytes),
  field('memory.reserved', 'memory_reserved_bytes', 'Memory the driver keeps for itself.', mebibytes),
  field('temperature.gpu', 'temperature_gpu', 'Temperature of the GPU in degrees Celsius.', plain),
  field('temperature.memory', 'temperature_memory', 'Temperature of its memory in degrees Celsius.', plain),
  field('fan.speed', 'fan_speed_ratio', 'Speed of the fan that is asked for, as a share of its maximum.', percent),
  field('power.draw', 'power_draw_watts', 'Power drawn.', plain),
  field('power.limit', 'power_limit_watts', 'Power limit that was set.', plain),
  field('power.default_limit', 'power_default_limit_watts', 'Power limit after a reset.', plain),
  field('enforced.power.limit', 'enforced_power_limit_watts', 'Power limit in force.', plain),
  field('clocks.current.graphics', 'clocks_current_graphics_clock_hz', 'Clock of the shaders.', megahertz),
  field('clocks.current.sm', 'clocks_current_sm_clock_hz', 'Clock of the multiprocessors.', megahertz),
  field('clocks.current.memory', 'clocks_current_memory_clock_hz', 'Clock of the memory.', megahertz),
  field('clocks.current.video', 'clocks_current_video_clock_hz', 'Clock of the video engines.', megahertz),
  field('clocks.max.graphics', 'clocks_max_graphics_clock_hz', 'Highest clock of the shaders.', megahertz),
  field('clocks.max.memory', 'clocks_max_memory_clock_hz', 'Highest clock of the memory.', megahertz),
  field('pstate', 'pstate', 'Performance state; 0 is the fastest.', (text) =>
    /^P\d{1,2}$/.test(text) ? Number(text.slice(1)) : undefined,
  ),
  field(
    'compute_mode',
    'compute_mode',
    'Who may compute: 0 all, 1 one thread, 2 nobody, 3 one process.',
    worded(['default', 'exclusive_thread', 'prohibited', 'exclusive_process']),
  ),
  ...reasons,
  field(
    'ecc.errors.uncorrected.aggregate.total',
    'ecc_errors_uncorrected_aggregate_total',
    'Memory errors over its life that could not be corrected.',
    plain,
  ),
  field('pcie.link.gen.current', 'pcie_link_gen_current', 'Generation of the PCIe link in use.', plain),
  field('pcie.link.width.current', 'pcie_link_width_current', 'Lanes of the PCIe link in use.', plain),
  field(
    'gpu_recovery_action',
    'gpu_recovery_action',
    'What the driver asks for: 0 nothing, 1 reset, 2 reboot, 3 drain peer-to-peer, 4 drain and reset.',
    worded(['none', 'reset', 'reboot', 'drain p2p', 'drain and reset']),
  ),
  field(
    'fabric.state',
    'fabric_state',
    'NVLink fabric: 0 not supported, 1 not started, 2 in progress, 3 completed.',
    worded(['not supported', 'not started', 'in progress', 'completed']),
  ),
];

/** Fields that become labels of nvidia_smi_gpu_info; a GPU without a usable uuid and index is no row. */
export const textFields = [
  'uuid',
  'index',
  'name',
  'driver_version',
  'vbios_version',
  'pci.bus_id',
  'serial',
  'compute_cap',
  'pci.sub_device_id',
  'driver_model.current',
  'driver_model.pending',
] as const;

/** Words for "this GPU has no such thing", with and without brackets, whatever the capitals. */
const absentWords =
  /^\[?(n\/a|not supported|not available|function not found|not found|insufficient permissions|requires root|deprecated|disabled)\]?$/i;
/** Words for "it should be there, and could not be read". */
const failedWords =
  /^\[?(unknown|unknown error|err!?|error|gpu is lost|gpu requires reset|reset required|timeout)\]?$/i;

export function isAbsentWord(text: string): boolean {
  return absentWords.test(text);
}

/** Reads one value; undefined is garbage: neither a value of the field nor a word that stands for none. */
export function readValue({ read }: Field, text: string): Value | undefined {
  const value = read(text);
  if (value !== undefined) return { kind: 'number', value };
  if (absentWords.test(text)) return { kind: 'absent' };
  return failedWords.test(text) ? { kind: 'failed' } : undefined;
}
