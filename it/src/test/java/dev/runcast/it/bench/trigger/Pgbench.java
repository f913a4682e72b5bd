package dev.runcast.it.bench.trigger;

import dev.runcast.it.bench.Ground;
import dev.runcast.it.bench.process.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Inserts the row that a trigger leaves, over and over. */
final class Pgbench {
  static final String PAD = "x".repeat(200);

  private static final String SCRIPT =
      """
      insert into run (environment_id, id, task_identifier, status, queue, queued_at, payload,
          payload_type)
        values ('@ENVIRONMENT@', 'run_' || replace(gen_random_uuid()::text, '-', ''), 'bench',
          'PENDING', 'task/bench', now(), '{"pad":"@PAD@"}', 'application/json');
      """;

  private static final String RESULT = "tps = ";

  private final Path program;
  private final Ground ground;
  private final Path script;
  private final int connections;

  Pgbench(Path program, Ground ground, String environment, int connections) {
    this.program = program;
    this.ground = ground;
    this.connections = connections;
    this.script = ground.directory().resolve("insert.sql");
    try {
      Files.writeString(script, SCRIPT.replace("@ENVIRONMENT@", environment).replace("@PAD@", PAD));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  double perSecond(int seconds) {
    List<String> command =
        List.of(
            program.toString(),
            "--no-vacuum",
            "--client=" + connections,
            "--jobs=2",
            "--time=" + seconds,
            "--protocol=prepared",
            "--file=" + script);
    Child run = ground.children().start("pgbench", command, ground.database().libpq());
    String result = run.lineContaining(RESULT);
    String number = result.substring(result.indexOf(RESULT) + RESULT.length());
    return Double.parseDouble(number.substring(0, number.indexOf(' ')));
  }
}
