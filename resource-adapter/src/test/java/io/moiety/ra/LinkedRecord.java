package io.moiety.ra;

import org.jspecify.annotations.Nullable;

/**
 * A record whose component is of its own class loader too, to be loaded by {@link SecondLoader}.
 */
record LinkedRecord(String name, @Nullable LinkedRecord next) {}
