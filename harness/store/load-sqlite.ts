import type * as Sqlite from 'node:sqlite';

type Warn = (...args: readonly unknown[]) => void;

/**
 * Loads the SQLite that comes with Node. Earlier releases of Node 24 print an ExperimentalWarning when it is loaded. This
 * warning is left out, and no other: loading takes no turn of the event loop, so nothing else can warn in between.
 */
export function loadSqlite(load: () => typeof Sqlite = () => process.getBuiltinModule('node:sqlite')): typeof Sqlite {
  const emitWarning = Reflect.get(process, 'emitWarning') as Warn;
  const quiet: Warn = (...args) => {
    if (!isAboutSqlite(args)) emitWarning.apply(process, [...args]);
  };
  Reflect.set(process, 'emitWarning', quiet);
  try {
    return load();
  } finally {
    Reflect.set(process, 'emitWarning', emitWarning);
  }
}

/** `args`: of process.emitWarning, a text and the type of the warning, or an object with the type. */
function isAboutSqlite([warning, options]: readonly unknown[]): boolean {
  const type = typeof options === 'string' ? options : (options as { readonly type?: unknown } | undefined)?.type;
  return type === 'ExperimentalWarning' && /^SQLite\b/.test(String(warning));
}
