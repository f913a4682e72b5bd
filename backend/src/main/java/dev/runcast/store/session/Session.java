package dev.runcast.store.session;

import dev.runcast.run.EnvironmentId;
import java.time.Instant;

/**
 * A session in force.
 *
 * @param project the reference of its environment's project
 * @param slug the environment's own name
 * @param endsAt when it ends at the latest, however much it is used
 */
public record Session(
    EnvironmentId environment, String project, String projectName, String slug, Instant endsAt) {}
