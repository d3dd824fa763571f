// Code brought into the kernel or hidden by it: modules from odd places, rootkits by name, eBPF programs, kexec.
// Class: Sigma "Linux kernel module via insmod", Falco "Linux Kernel Module Injection"; T1547.006, T1014.
import type { Command } from './shell/command.ts';
import { anyArg } from './shell/look.ts';
import { worldWritable } from './shell/places.ts';
import type { Family } from './verdict/family.ts';

const rootkits =
  /\b(?:diamorphine|reptile|suterusu|adore-?ng|knark|enyelkm|kbeast|phalanx|jynx2?|azazel|beurk|vlany|bdvl|bedevil|rkorova|father\.so|medusa\.so|libprocesshider|processhider|horsepill|boopkit|ebpfkit|triplecross|pamspy|bad-bpf|drovorub|symbiote|singularity\.ko|caraxes|nuk3gh0st|puszek|kovid)\b/i;

const loads = (command: Command): boolean =>
  command.name === 'insmod' || command.name === 'modprobe' || (command.name === 'kmod' && command.args[0] === 'insert');

export const kernelModules: Family = {
  name: 'kernel-modules',
  category: 'system_modification',
  rules: [
    {
      id: 'module-from-own-folder',
      technique: 'T1547.006',
      weight: 'strong',
      reason: 'A kernel module is loaded from a folder of a user.',
      when: (command) =>
        loads(command) &&
        (anyArg(command, worldWritable) ||
          anyArg(command, /^(?:\.{1,2}\/|\/home\/|\/root\/|\/opt\/|\/var\/|~|\$).{0,160}\.ko(?:\.xz|\.gz|\.zst)?$/)),
    },
    {
      id: 'module-file-loaded',
      technique: 'T1547.006',
      weight: 'moderate',
      reason: 'A kernel module is loaded by its file, past the folder of modules.',
      when: (command) =>
        command.name === 'insmod' &&
        anyArg(command, /\.ko(?:\.xz|\.gz|\.zst)?$/) &&
        !anyArg(command, /^\/lib\/modules\/|^path\//),
    },
    {
      id: 'module-built-and-loaded',
      technique: 'T1547.006',
      weight: 'moderate',
      reason: 'A kernel module is built, or copied among the modules, and loaded in one script.',
      when: (command, { commands }) =>
        loads(command) &&
        commands.some(
          ({ name, joined }) =>
            name === 'make' ||
            name === 'gcc' ||
            (/^(?:cp|install|mv)$/.test(name) && /\.ko|lib\/modules/.test(joined)) ||
            name === 'depmod',
        ),
    },
    {
      id: 'rootkit-by-name',
      technique: 'T1014',
      weight: 'strong',
      reason: 'The name of a published rootkit.',
      when: (command) =>
        rootkits.test(command.name) ||
        (/^(?:insmod|modprobe|rmmod|make|git|wget|curl|gcc|cp|mv|install|rm|ld|bash|sh|python)$/.test(command.name) &&
          rootkits.test(command.joined)),
    },
    {
      id: 'library-that-hides-built',
      technique: 'T1014',
      weight: 'moderate',
      reason: 'A shared library is built from a temporary folder and set to be loaded into programs.',
      when: (command, { text }) =>
        /^(?:gcc|cc|clang|g\+\+)$/.test(command.name) &&
        command.args.includes('-shared') &&
        /ld\.so\.preload|LD_PRELOAD|\/tmp\//.test(text),
    },
    {
      id: 'signal-to-rootkit',
      technique: 'T1014',
      weight: 'moderate',
      reason: 'A signal that no program uses is sent, as rootkits expect for orders.',
      when: ({ name, args }) =>
        name === 'kill' &&
        args.some((arg) => /^-(?:31|62|63|64|59|61)$/.test(arg)) &&
        args.some((arg) => /^\d+$/.test(arg)),
    },
    {
      id: 'kernel-replaced-while-running',
      technique: 'T1014',
      weight: 'moderate',
      reason: 'Another kernel is started from a folder of a user.',
      when: (command) => command.name === 'kexec' && (anyArg(command, worldWritable) || anyArg(command, /^\/home\//)),
    },
  ],
};
