/**
 * The environment variables of tasks: {@link dev.runcast.engine.variable.Variables} seals their
 * values on the way into {@code store}, opens them on the way out, and holds their limits. The
 * value of a secret one is opened for nobody who asks over HTTP.
 */
@NullMarked
package dev.runcast.engine.variable;

import org.jspecify.annotations.NullMarked;
