/**
 * What the engine makes of runs: how long until one is handed out and its end is stored, how many
 * go through in a second, how a look for the next depends on how many wait, and how long the
 * official tool takes to its first line of a task.
 */
@NullMarked
package dev.runcast.it.bench.engine;

import org.jspecify.annotations.NullMarked;
