package org.clgrad.backend;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of one thread's work after which the buffers of arrays made in it go back, unless somebody holds them by then. Rules
 * that compute intermediate values need not release them one by one.
 *
 * <pre>{@code
 * try (Region r = Region.open()) {
 *     NdArray result = ...;          // and any number of intermediate arrays
 *     result.buffer().retain();
 * }
 * }</pre>
 */
public final class Region implements AutoCloseable {
    private static final ThreadLocal<@Nullable Region> CURRENT = new ThreadLocal<>();

    private final @Nullable Region outer = CURRENT.get();
    private final List<Buffer> made = new ArrayList<>();

    private Region() {}

    public static Region open() {
        Region region = new Region();
        CURRENT.set(region);
        return region;
    }

    static void register(Buffer buffer) {
        Region region = CURRENT.get();
        if (region != null) {
            region.made.add(buffer);
        }
    }

    @Override
    public void close() {
        CURRENT.set(outer);
        made.forEach(Buffer::freeIfUnheld);
    }
}
