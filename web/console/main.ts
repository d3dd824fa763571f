// Where the console begins in the browser.
import './styles/tokens.css';
import './styles/base.css';
import { mount } from 'svelte';
import Console from './Console.svelte';
import { browser } from './edges/browser.ts';
import { App } from './state/app.svelte.ts';

mount(Console, { target: document.getElementById('app')!, props: { app: new App(browser) } });
