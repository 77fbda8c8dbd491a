/** The rule for the path of a request, in words for people. */
export const PATH_RULE =
  'write a path that begins with / and has no spaces, no letters beyond ASCII and no #, except in {{templates}}';

/** Whether a path can be sent as it is written. In its templates there may be spaces. */
export const isPath = (text: string): boolean =>
  /^\/[\u0021\u0022\u0024-\u007e]*$/.test(text.replaceAll(/\{\{[^{}]*\}\}/g, ''));
