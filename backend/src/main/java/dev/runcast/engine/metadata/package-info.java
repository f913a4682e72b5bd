/**
 * The metadata of a run: a JSON object that workers change by operations, so that two of them may
 * write at once without losing each other's values.
 *
 * <p>Pure: {@link dev.runcast.engine.metadata.MetadataDocument} applies a list of {@link
 * dev.runcast.engine.metadata.MetadataOperation}s in order. Who holds the row's lock, and what the
 * result's size may be, is the caller's business.
 */
@NullMarked
package dev.runcast.engine.metadata;

import org.jspecify.annotations.NullMarked;
