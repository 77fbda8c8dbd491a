/** What the guardian notes before it ends a run that hangs, or that got no processor time. */
export const SILENT = 'the run gave no sign of life while its faults were in force, and was ended';
