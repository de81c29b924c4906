/** Consume queues: per topic and queue, where in the log each queue offset lies. */
@NullMarked
package io.moiety.broker.queue;

import org.jspecify.annotations.NullMarked;
