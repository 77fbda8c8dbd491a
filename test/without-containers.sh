# Tries every test that needs no container, so many files at a time. Many of these tests wait for processes, sockets and
# files. The folders with the longest files come first: a long file that begins last is waited for alone.
without_containers() {
  mocha --parallel --jobs "$1" 'test/cli/**/*.test.ts' 'test/unit/@(session|modes)/**/*.test.ts' \
    'test/contract/**/*.test.ts' 'test/unit/!(session|modes)/**/*.test.ts' 'test/unit/*.test.ts'
}
