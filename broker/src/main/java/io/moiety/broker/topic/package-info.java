/** Topics and consumer groups: what exists, with which queues, selectors and limits. */
@NullMarked
package io.moiety.broker.topic;

import org.jspecify.annotations.NullMarked;
