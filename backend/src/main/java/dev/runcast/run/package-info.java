@NullMarked
package dev.runcast.run;

import org.jspecify.annotations.NullMarked;
