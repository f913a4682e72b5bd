package dev.runcast.it.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What one process has used, as Linux counts it.
 *
 * @param userSeconds since it began, to a hundredth of a second
 * @param systemSeconds the kernel's work for it
 * @param residentBytes memory of it that is in RAM now, the pages of its files included
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">proc_pid_stat(5)</a>
 */
public record Usage(double userSeconds, double systemSeconds, long residentBytes) {
  /** Linux promises user space 100 ticks a second, whatever the kernel's own clock. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;

  private static final Usage NOTHING = new Usage(0, 0, 0);

  /** Whether this machine tells what is asked for here. */
  public static boolean isKnownHere() {
    return Files.isReadable(Path.of("/proc/self/stat"));
  }

  /** Of a process that runs. */
  public static Usage of(long pid) {
    String stat = read(Path.of("/proc/" + pid + "/stat"));
    // The second field is the program's name in brackets and may hold anything.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return new Usage(
        Long.parseLong(fields[USER_TICKS]) / TICKS_PER_SECOND,
        Long.parseLong(fields[SYSTEM_TICKS]) / TICKS_PER_SECOND,
        residentBytes(pid));
  }

  /** Of a process and all that it has started and that still runs. */
  public static Usage ofTree(long pid) {
    ProcessHandle root = ProcessHandle.of(pid).orElseThrow();
    return Stream.concat(Stream.of(root), root.descendants())
        .map(handle -> ofOneThatMayBeGone(handle.pid()))
        .reduce(NOTHING, Usage::plus);
  }

  private static Usage ofOneThatMayBeGone(long pid) {
    try {
      return of(pid);
    } catch (UncheckedIOException gone) {
      return NOTHING;
    }
  }

  public double cpuSeconds() {
    return userSeconds + systemSeconds;
  }

  /** What was used since an earlier look; memory as it is now. */
  public Usage since(Usage earlier) {
    return new Usage(
        userSeconds - earlier.userSeconds, systemSeconds - earlier.systemSeconds, residentBytes);
  }

  private Usage plus(Usage other) {
    return new Usage(
        userSeconds + other.userSeconds,
        systemSeconds + other.systemSeconds,
        residentBytes + other.residentBytes);
  }

  private static long residentBytes(long pid) {
    return read(Path.of("/proc/" + pid + "/smaps_rollup"))
            .lines()
            .filter(line -> line.startsWith("Rss:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
            .sum()
        * 1024;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
