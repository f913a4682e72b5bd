package dev.runcast.engine.execution;

import dev.runcast.engine.RunChange;
import dev.runcast.engine.execution.Completion.Failure;
import java.util.List;
import java.util.Optional;

/** What the end of an attempt changes of its run. Pure. */
final class Changes {
  private Changes() {}

  /** An attempt that is to be followed by another tells of no error yet. */
  static RunChange of(Verdict verdict, Completion completion) {
    Failure failure = completion.failure();
    boolean over = verdict.status().isFinal();
    return new RunChange(
        null,
        verdict.status(),
        over ? completion.output() : Optional.empty(),
        over && failure != null ? Optional.of(failure.error()) : Optional.empty(),
        completion.metadata(),
        List.of());
  }

  static RunChange withoutMetadata(RunChange change) {
    return new RunChange(
        null,
        change.status(),
        change.output(),
        change.error(),
        RunChange.Metadata.NONE,
        change.tags());
  }
}
