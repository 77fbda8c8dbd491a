/** One handle for many. */
export function together(parts: readonly AsyncDisposable[]): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(parts.map((part) => part[Symbol.asyncDispose]()));
    },
  };
}
