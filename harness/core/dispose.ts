/** One handle that disposes all parts at once. Errors are dropped. */
export function together(parts: readonly AsyncDisposable[]): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(parts.map((part) => part[Symbol.asyncDispose]()));
    },
  };
}
