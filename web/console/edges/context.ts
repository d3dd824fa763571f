// How parts and pages reach the state of the whole console: `const app = useApp()` while a component is being made.
import { createContext } from 'svelte';
import type { App } from '../state/app.svelte.ts';

export const [useApp, provideApp] = createContext<App>();
