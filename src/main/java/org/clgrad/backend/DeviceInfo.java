package org.clgrad.backend;

/**
 * What a device says of itself.
 *
 * @param name the device, such as {@code Radeon RX 7900 XTX}
 * @param type {@code GPU}, {@code CPU}, {@code ACCELERATOR}, or {@code JVM} for the Java backend
 * @param platform the OpenCL platform, or the JVM
 * @param vendor who makes the device
 * @param driver the driver's version
 * @param version the OpenCL version that it implements, or the Java version
 * @param computeUnits compute units, or threads
 * @param memoryBytes global memory, or the largest heap
 * @param maxBufferBytes the largest single buffer
 * @param fp64 whether FLOAT64 can be used
 * @param fp16 whether it computes with half precision
 */
public record DeviceInfo(
        String name,
        String type,
        String platform,
        String vendor,
        String driver,
        String version,
        int computeUnits,
        long memoryBytes,
        long maxBufferBytes,
        boolean fp64,
        boolean fp16) {}
