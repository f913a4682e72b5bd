package dev.runcast.engine;

import dev.runcast.engine.metadata.MetadataDocument;
import dev.runcast.engine.metadata.MetadataOperation;
import dev.runcast.run.RunId;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.LockedRun;
import dev.runcast.store.table.RunTable;
import dev.runcast.store.table.RunUpdate;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes the metadata of runs, and of those above them. */
record RunMetadata(Limits limits) {
  private static final String METADATA_TYPE = "application/json";

  /** Applies what concerns the run itself; what its metadata is then, or null for none. */
  @Nullable String change(LockedRun run, RunChange.Metadata change, RunUpdate update) {
    List<MetadataOperation> own = new ArrayList<>(change.own());
    own.addAll(run.links().parent() == null ? change.parent() : List.of());
    own.addAll(run.links().root() == null ? change.root() : List.of());
    return apply(run, own, update);
  }

  /** Children are locked before their parents, and those before the root: no two wait in a ring. */
  Future<Void> changeAncestors(
      Transaction transaction, Runs.Subject subject, LockedRun run, RunChange.Metadata change) {
    return changeAncestor(transaction, subject, run.links().parent(), change.parent())
        .compose(done -> changeAncestor(transaction, subject, run.links().root(), change.root()));
  }

  private Future<Void> changeAncestor(
      Transaction transaction,
      Runs.Subject subject,
      @Nullable RunId ancestor,
      List<MetadataOperation> operations) {
    if (ancestor == null || operations.isEmpty()) {
      return Future.succeededFuture();
    }
    RunTable table = new RunTable(transaction);
    return table
        .lock(subject.environment(), ancestor)
        .compose(
            found -> {
              found.ifPresent(subject.guard());
              if (found.isEmpty() || found.get().status().isFinal()) {
                return Future.succeededFuture();
              }
              RunUpdate update = new RunUpdate();
              apply(found.get(), operations, update);
              return table.update(found.get(), update).mapEmpty();
            });
  }

  private @Nullable String apply(
      LockedRun run, List<MetadataOperation> operations, RunUpdate update) {
    if (operations.isEmpty()) {
      return run.metadata();
    }
    String text;
    try {
      text = MetadataDocument.apply(run.metadata(), operations);
    } catch (IllegalStateException beyond) {
      throw RefusedException.unprocessable(
          "operations", beyond.getMessage() + "; use smaller ones.");
    }
    if (text.getBytes(StandardCharsets.UTF_8).length > limits.metadataBytes()) {
      throw RefusedException.tooLarge(
          "metadata",
          "metadata would exceed the limit of %d bytes; keep less in it."
              .formatted(limits.metadataBytes()));
    }
    update.metadata(text, METADATA_TYPE);
    return text;
  }
}
