package dev.runcast.http;

import java.util.Arrays;

/** The scopes that open what the {@link Subjects} are, each alone. */
final class Openers {
  static final String[] READ = {"admin", "*:all", "read:all"};
  static final String[] WRITE = {"admin", "*:all", "write:all"};

  static final String[] READ_RUN =
      join(
          READ,
          "*:runs",
          "*:tasks",
          "read:runs",
          "read:runs:run_a",
          "read:tasks",
          "read:tasks:task_a",
          "read:tags",
          "read:tags:tag:a",
          "read:batch",
          "read:batch:batch_a");
  static final String[] READ_TRACE = join(READ, "*:traces", "read:traces", "read:traces:run_a");
  static final String[] WRITE_TRACES = join(WRITE, "*:traces", "write:traces");
  static final String[] READ_RUNS = join(READ, "*:runs", "read:runs");
  static final String[] READ_BATCH =
      join(READ, "*:runs", "read:runs", "read:batch", "read:batch:batch_a");
  static final String[] READ_TAGS =
      join(READ, "*:runs", "read:runs", "read:tags", "read:tags:tag:a");
  static final String[] READ_CHILDREN = join(READ_RUNS, "read:runs:run_a");
  static final String[] WRITE_RUN =
      join(
          WRITE,
          "*:runs",
          "*:tasks",
          "write:runs",
          "write:runs:run_a",
          "write:tasks",
          "write:tasks:task_a");
  static final String[] TRIGGER =
      join(
          new String[] {"admin", "*:all", "trigger:all", "*:tasks"},
          "trigger:tasks",
          "trigger:tasks:task_a");
  static final String[] TRIGGER_BATCH = {
    "admin",
    "*:all",
    "batchTrigger:all",
    "*:tasks",
    "batchTrigger:tasks",
    "batchTrigger:tasks:task_a",
    "batchTrigger:tasks:task_a batchTrigger:tasks:task_b"
  };
  static final String[] TRIGGER_BATCH_OF_TWO = {
    "admin",
    "*:all",
    "batchTrigger:all",
    "*:tasks",
    "batchTrigger:tasks",
    "batchTrigger:tasks:task_a batchTrigger:tasks:task_b"
  };

  private Openers() {}

  /** All of some and the others. */
  static String[] join(String[] some, String... others) {
    String[] all = Arrays.copyOf(some, some.length + others.length);
    System.arraycopy(others, 0, all, some.length, others.length);
    return all;
  }
}
