/** A short fault for the examples of steps that hold steps. */
export const EXAMPLE_FAULT = { refuse: { link: 'app-to-redis', for: '3s' } };
