// Runs before the first paint: a theme that was chosen is there from the start, and nothing flashes.
const theme = localStorage.getItem('odyssey-theme');
if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
const density = localStorage.getItem('odyssey-density');
if (density === 'comfortable') document.documentElement.dataset.density = density;
