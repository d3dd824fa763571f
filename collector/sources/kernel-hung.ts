// Tasks that the kernel found hung since it booted; absent on kernels that do not count them.
import { counter, gauge, sample } from '../../core/contracts/sample.ts';
import { parseInteger } from '../../core/lib/parse.ts';
import type { Source } from '../source.ts';

export const kernelHung: Source = {
  name: 'kernel_hung',
  metrics: [
    counter('node_kernel_hung_tasks_total', 'Tasks found hung since the machine booted.'),
    gauge('node_kernel_hung_tasks', 'The same under the name that dashboards ask for.'),
  ],
  read({ readTextIfThere }) {
    const text = readTextIfThere('/proc/sys/kernel/hung_task_detect_count');
    if (text === undefined) return [];
    const count = parseInteger(text);
    return [sample('node_kernel_hung_tasks_total', count), sample('node_kernel_hung_tasks', count)];
  },
};
