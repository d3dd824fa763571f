// GPUs through nvidia-smi: what a healthy one exports, and every way in which the program has been seen to fail.
import { describe, expect, test } from 'vitest';
import { fileError } from '../../fakes/machine.ts';
import { addContainer } from './containers/host.ts';
import { type Answer, addNvidia, gpuHealth, gpuHost, oneGpu, readGpu, uuid } from './gpu/host.ts';

describe('a healthy GPU', () => {
  test('exports its values in base units, with its uuid alone', async () => {
    const setup = gpuHost({ stdout: oneGpu });
    const lines = await readGpu(setup.host.machine, setup.gpus, 'gpu');
    for (const line of [
      `nvidia_smi_index{uuid="${uuid}"} 0`,
      `nvidia_smi_utilization_gpu_ratio{uuid="${uuid}"} 0.37`,
      `nvidia_smi_memory_used_bytes{uuid="${uuid}"} ${1024 * 2 ** 20}`,
      `nvidia_smi_temperature_gpu{uuid="${uuid}"} 54`,
      `nvidia_smi_power_draw_watts{uuid="${uuid}"} 31.27`,
      `nvidia_smi_clocks_current_sm_clock_hz{uuid="${uuid}"} 2040000000`,
      `nvidia_smi_pstate{uuid="${uuid}"} 0`,
      `nvidia_smi_clocks_event_reasons_sw_power_cap{uuid="${uuid}"} 1`,
      `nvidia_smi_clocks_throttle_reasons_sw_power_cap{uuid="${uuid}"} 1`,
      `nvidia_smi_clocks_event_reasons_gpu_idle{uuid="${uuid}"} 0`,
      `nvidia_smi_gpu_recovery_action{uuid="${uuid}"} 0`,
      `nvidia_gpu_temperature_celsius{uuid="${uuid}"} 54`,
      `nvidia_gpu_power_draw_watts{uuid="${uuid}"} 31.27`,
      `node_gpu_power_watts{uuid="${uuid}"} 31.27`,
      `nvidia_gpu_utilization_gpu{uuid="${uuid}"} 37`,
      `nvidia_smi_compute_apps{uuid="${uuid}"} 2`,
      `nvidia_smi_compute_app_used_memory_bytes{uuid="${uuid}",pid="4001",process_name="/usr/bin/python3"} ${1000 * 2 ** 20}`,
      `nvidia_smi_compute_app_info{uuid="${uuid}",pid="5000",process_name="/opt/app, with comma"} 1`,
    ])
      expect(lines).toContain(line);
    expect(lines.find((line) => line.startsWith('nvidia_smi_gpu_info'))).toBe(
      `nvidia_smi_gpu_info{uuid="${uuid}",name="NVIDIA L4",index="0",driver_version="550.90.07",cuda_version="12.4",vbios_version="95.04.29.00.06",pci_bus_id="00000000:01:00.0",serial="1320123456789",compute_cap="8.9",pci_sub_device_id="0x16CA10DE",driver_model_current="",driver_model_pending=""} 1`,
    );
    expect(lines.join('\n')).not.toMatch(/fan_speed|temperature_memory|fabric_state|NaN/);
    expect(await gpuHealth(setup)).toEqual([
      'gpu_collector_up 1',
      'nvidia_smi_last_collect_success 1',
      'nvidia_smi_compute_apps_last_collect_success 1',
      'nvidia_smi_command_exit_code 0',
      'nvidia_smi_failed_scrapes_total 0',
    ]);
    expect(setup.most()).toBe(1);
  });

  test('the memory that its processes hold is joined to their container', async () => {
    const setup = gpuHost({ stdout: oneGpu });
    const id = addContainer(setup.host, 2, 'trainer', 4001);
    await setup.containers.engine.source.read(setup.host.machine);
    const lines = await readGpu(setup.host.machine, setup.gpus, 'gpu');
    expect(lines.filter((line) => line.startsWith('container_gpu'))).toEqual([
      `container_gpu_memory_bytes{id="/docker/${id}",name="trainer",image="tiny:1",uuid="${uuid}"} ${1000 * 2 ** 20}`,
    ]);
  });

  test('aliases of the other exporter, in its units', async () => {
    const setup = gpuHost({ stdout: oneGpu });
    await readGpu(setup.host.machine, setup.gpus, 'gpu');
    const lines = await readGpu(setup.host.machine, setup.gpus, 'dcgm');
    const labels = `{gpu="0",UUID="GPU-${uuid}",pci_bus_id="00000000:01:00.0",device="nvidia0",modelName="NVIDIA L4",hostname="node-1"}`;
    expect(lines).toContain(`DCGM_FI_DEV_GPU_UTIL${labels} 37`);
    expect(lines).toContain(`DCGM_FI_DEV_FB_USED${labels} 1024`);
    expect(lines).toContain(`DCGM_FI_DEV_SM_CLOCK${labels} 2040`);
    setup.host.now.monotonicSeconds += 60;
    expect(await readGpu(setup.host.machine, setup.gpus, 'dcgm')).toEqual([]);
  });

  test('sixteen of them', async () => {
    const rows = Array.from({ length: 16 }, (_, at) =>
      oneGpu.replace('0123456789ab, 0,', `0123456789${at.toString(16).padStart(2, '0')}, ${at},`),
    );
    const setup = gpuHost({ stdout: rows.join('') }, { stdout: '' });
    const lines = await readGpu(setup.host.machine, setup.gpus, 'gpu');
    expect(lines.filter((line) => line.startsWith('nvidia_smi_gpu_info'))).toHaveLength(16);
    expect(await gpuHealth(setup)).toContain('gpu_collector_up 1');
  });
});

describe('a driver that does not know every field', () => {
  test('is asked again without it, and never again for it', async () => {
    const unknown = ['gpu_recovery_action', 'fabric.state', 'clocks_event_reasons.gpu_idle'];
    const setup = gpuHost((args) => {
      const asked = args[0]!.slice('--query-gpu='.length).split(',');
      const refused =
        unknown.find((name) => asked.includes(name)) ?? asked.find((name) => name.startsWith('clocks_event'));
      if (refused !== undefined)
        return { exitCode: 2, stdout: `Field "${refused}" is not a valid field to query.\n\n` };
      const columns = oneGpu.trim().split(', ');
      return { stdout: `${columns.slice(0, 44).join(', ')}\n` };
    });
    const lines = await readGpu(setup.host.machine, setup.gpus, 'gpu');
    expect(lines).toContain(`nvidia_smi_clocks_event_reasons_sw_power_cap{uuid="${uuid}"} 1`);
    expect(lines).toContain(`nvidia_smi_pcie_link_width_current{uuid="${uuid}"} 16`);
    expect(lines.join('\n')).not.toContain('recovery_action');
    expect(setup.calls.filter(([ask]) => ask!.startsWith('--query-gpu'))).toHaveLength(4);
    setup.calls.length = 0;
    await readGpu(setup.host.machine, setup.gpus, 'gpu');
    expect(setup.calls.filter(([ask]) => ask!.startsWith('--query-gpu'))).toHaveLength(1);
  });
});

describe('trouble', () => {
  const bad = (from: string, to: string) => ({ stdout: oneGpu.replace(from, to) });

  test.each<[string, Answer]>([
    ['it hangs', new Error('nvidia-smi did not end within 3 s')],
    ['it cannot start', fileError('EACCES')],
    [
      'it ends with an error',
      { exitCode: 9, stdout: "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n" },
    ],
    ['a signal ends it', { exitCode: null }],
    ['it prints nothing', { stdout: '' }],
    ['half a line', { stdout: oneGpu.slice(0, 200) }],
    ['a whole line without its end', { stdout: oneGpu.trimEnd() }],
    [
      'a GPU is lost',
      {
        exitCode: 15,
        stdout:
          'Unable to determine the device handle for GPU 0000:01:00.0: GPU is lost.  Reboot the system to recover this GPU\n',
      },
    ],
    ['another format', { stdout: '<?xml version="1.0" ?>\n<nvidia_smi_log></nvidia_smi_log>\n' }],
    ['1 GiB of output', new Error('nvidia-smi said more than 1048576 bytes')],
    ['many columns', { stdout: `${'x, '.repeat(50_000)}\n` }],
  ])('%s: no sample, and it is told', async (_, answer) => {
    const setup = gpuHost(answer);
    addNvidia(setup.host);
    await expect(readGpu(setup.host.machine, setup.gpus, 'gpu')).rejects.toThrow();
    expect(await gpuHealth(setup)).toEqual(
      expect.arrayContaining(['gpu_collector_up 0', 'nvidia_smi_failed_scrapes_total 1']),
    );
    setup.say.gpus = { stdout: oneGpu };
    expect((await readGpu(setup.host.machine, setup.gpus, 'gpu')).length).toBeGreaterThan(30);
    expect(await gpuHealth(setup)).toContain('gpu_collector_up 1');
  });

  test.each([
    ['ERR!', bad(' 31.27,', ' ERR!,')],
    ['[Unknown Error]', bad(' 31.27,', ' [Unknown Error],')],
    ['[GPU is lost]', bad(' 31.27,', ' [GPU is lost],')],
    ['a number with a decimal comma', bad(' 31.27,', ' 31,27,')],
    ['a number with its unit', bad(' 31.27,', ' 31.27 W,')],
    ['hexadecimal', bad(' 31.27,', ' 0x1F,')],
  ])('%s in a column: no such sample, the others stay, and it is told', async (_, answer) => {
    const setup = gpuHost(answer);
    const lines = await readGpu(setup.host.machine, setup.gpus, 'gpu');
    expect(lines.join('\n')).not.toMatch(/power_draw|node_gpu_power/);
    expect(lines).toContain(`nvidia_smi_temperature_gpu{uuid="${uuid}"} 54`);
    expect(await gpuHealth(setup)).toContain('gpu_collector_up 0');
  });

  test.each(['N/A', '[N/A]', '[Not Supported]', '[Function Not Found]'])('%s is no trouble', async (word) => {
    const setup = gpuHost(bad(' 31.27,', ` ${word},`));
    expect((await readGpu(setup.host.machine, setup.gpus, 'gpu')).join('\n')).not.toContain('power_draw');
    expect(await gpuHealth(setup)).toContain('gpu_collector_up 1');
  });

  test('one of two GPUs lost: the other goes on', async () => {
    const setup = gpuHost({
      exitCode: 15,
      stdout: `${oneGpu}Unable to determine the device handle for GPU1: GPU is lost\n`,
    });
    expect((await readGpu(setup.host.machine, setup.gpus, 'gpu')).length).toBeGreaterThan(30);
    expect(await gpuHealth(setup)).toContain('gpu_collector_up 0');
  });

  test('a call that never ends keeps every other from starting', async () => {
    const setup = gpuHost(new Promise<never>(() => undefined));
    const { sources } = setup.gpus;
    void sources[0]!.read(setup.host.machine);
    await expect(async () => sources[0]!.read(setup.host.machine)).rejects.toThrow(/has not ended/);
    expect(setup.calls).toHaveLength(1);
  });

  test('MIG rows: slices keep their processes, and nothing is made up about the GPU they are cut from', async () => {
    const slice = `MIG-${uuid.replace('5b', '6c')}`;
    const setup = gpuHost(
      { stdout: oneGpu.replace(' 37, 12,', ' [N/A], [N/A],') },
      { stdout: `${slice}, 4001, python, 300\n${slice}, 4002, python, [N/A]\n` },
    );
    const id = addContainer(setup.host, 2, 'trainer', 4001);
    await setup.containers.engine.source.read(setup.host.machine);
    const lines = await readGpu(setup.host.machine, setup.gpus, 'gpu');
    expect(lines.join('\n')).not.toMatch(/utilization_gpu|nvidia_smi_compute_apps\{/);
    expect(lines).toContain(
      `nvidia_smi_compute_app_used_memory_bytes{uuid="${slice.toLowerCase()}",pid="4001",process_name="python"} ${300 * 2 ** 20}`,
    );
    expect(lines).toContain(
      `container_gpu_memory_bytes{id="/docker/${id}",name="trainer",image="tiny:1",uuid="${slice.toLowerCase()}"} ${300 * 2 ** 20}`,
    );
    expect(await gpuHealth(setup)).toContain('gpu_collector_up 1');
  });

  test('good once is not good for ever', async () => {
    const setup = gpuHost({ stdout: oneGpu });
    await readGpu(setup.host.machine, setup.gpus, 'gpu');
    setup.host.now.monotonicSeconds += 25;
    expect(await gpuHealth(setup)).toContain('gpu_collector_up 0');
  });

  test('its processes unknown: the GPU itself goes on', async () => {
    const setup = gpuHost({ stdout: oneGpu }, { exitCode: 3 });
    const lines = await readGpu(setup.host.machine, setup.gpus, 'gpu');
    expect(lines.join('\n')).not.toContain('compute_app');
    expect(await gpuHealth(setup)).toEqual(
      expect.arrayContaining(['gpu_collector_up 1', 'nvidia_smi_compute_apps_last_collect_success 0']),
    );
  });
});

describe('no GPU', () => {
  test.each<[string, Answer]>([
    ['no nvidia-smi', fileError('ENOENT')],
    ['nvidia-smi finds none', { exitCode: 6, stdout: 'No devices were found\n' }],
  ])('%s: nothing is exported and nothing has failed', async (_, answer) => {
    const setup = gpuHost(answer);
    expect(await readGpu(setup.host.machine, setup.gpus, 'gpu')).toEqual([]);
    expect(await gpuHealth(setup)).toEqual([]);
  });

  test('a driver without its nvidia-smi is a failure', async () => {
    const setup = gpuHost(fileError('ENOENT'));
    setup.host.files['/proc/driver/nvidia/version'] = 'NVRM version: …\n';
    await expect(readGpu(setup.host.machine, setup.gpus, 'gpu')).rejects.toThrow();
    expect(await gpuHealth(setup)).toContain('gpu_collector_up 0');
  });

  test('a sleeping GPU is not woken', async () => {
    const setup = gpuHost({ stdout: oneGpu });
    addNvidia(setup.host, 'suspended');
    expect(await readGpu(setup.host.machine, setup.gpus, 'gpu')).toEqual([]);
    expect(setup.calls).toEqual([]);
    expect(await gpuHealth(setup)).toEqual(['gpu_suspended 1']);
    addNvidia(setup.host, 'active', '0000:02:00.0');
    await readGpu(setup.host.machine, setup.gpus, 'gpu');
    expect(setup.calls[0]).toContain('--id=0000:02:00.0');
    expect(setup.calls[1]).toContain('--id=0000:02:00.0');
  });
});
