using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>
/// Numbers byte strings 0, 1, 2, … in the order in which they are first seen, without making a .NET string of each. The hash is seeded per
/// process, so that a file cannot be written to collide.
/// </summary>
internal sealed class ByteTable
{
    private static readonly ulong SeedA = Seed();
    private static readonly ulong SeedB = Seed();

    private int[] slots = new int[1024];
    private int[] hashes = new int[512];
    private long[] offsets = new long[512];
    private byte[] bytes = new byte[1 << 14];
    private int used;

    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int id] => bytes.AsSpan((int)offsets[id], (int)((id + 1 < Count ? offsets[id + 1] : used) - offsets[id]));

    /// <summary>The number of these bytes; a new one where they are new.</summary>
    /// <exception cref="RefusedInputException">there would be more than 1 GiB of distinct names.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Intern(ReadOnlySpan<byte> key)
    {
        int hash = Hash(key);
        int mask = slots.Length - 1;
        int slot = hash & mask;
        while (slots[slot] != 0)
        {
            int id = slots[slot] - 1;
            if (hashes[id] == hash && this[id].SequenceEqual(key))
            {
                return id;
            }

            slot = (slot + 1) & mask;
        }

        return Insert(key, hash, slot);
    }

    /// <summary>Sixteen bytes a turn, each multiplied with what is so far: both factors hold a secret.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Hash(ReadOnlySpan<byte> key)
    {
        ulong hash = SeedA ^ (ulong)key.Length;
        while (key.Length > 16)
        {
            hash = Mix(BinaryPrimitives.ReadUInt64LittleEndian(key) ^ SeedB, BinaryPrimitives.ReadUInt64LittleEndian(key[8..]) ^ hash);
            key = key[16..];
        }

        ulong first = 0;
        ulong last = 0;
        if (key.Length >= 8)
        {
            first = BinaryPrimitives.ReadUInt64LittleEndian(key);
            last = BinaryPrimitives.ReadUInt64LittleEndian(key[^8..]);
        }
        else if (key.Length >= 4)
        {
            first = BinaryPrimitives.ReadUInt32LittleEndian(key);
            last = BinaryPrimitives.ReadUInt32LittleEndian(key[^4..]);
        }
        else if (key.Length > 0)
        {
            first = key[0];
            last = ((ulong)key[key.Length / 2] << 8) | key[^1];
        }

        hash = Mix(Mix(first ^ SeedB, last ^ hash), SeedB);
        return (int)(hash ^ (hash >> 32));
    }

    private static ulong Mix(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return high ^ low;
    }

    private static ulong Seed()
    {
        Span<byte> random = stackalloc byte[16];
        _ = Guid.NewGuid().TryWriteBytes(random);
        return BinaryPrimitives.ReadUInt64LittleEndian(random) ^ BitOperations.RotateLeft(BinaryPrimitives.ReadUInt64LittleEndian(random[8..]), 32);
    }

    private int Insert(ReadOnlySpan<byte> key, int hash, int slot)
    {
        if (used + (long)key.Length > 1 << 30)
        {
            throw new RefusedInputException("the trace holds more than 1 GiB of distinct operation names: this is no trace of a step");
        }

        if (used + key.Length > bytes.Length)
        {
            Array.Resize(ref bytes, (int)Math.Min(1 << 30, Math.Max(2L * bytes.Length, used + (long)key.Length)));
        }

        if (Count == offsets.Length)
        {
            Array.Resize(ref offsets, 2 * Count);
            Array.Resize(ref hashes, 2 * Count);
        }

        key.CopyTo(bytes.AsSpan(used));
        offsets[Count] = used;
        hashes[Count] = hash;
        used += key.Length;
        slots[slot] = ++Count;
        if (2 * Count > slots.Length)
        {
            Rehash();
        }

        return Count - 1;
    }

    private void Rehash()
    {
        slots = new int[2 * slots.Length];
        int mask = slots.Length - 1;
        for (int id = 0; id < Count; id++)
        {
            int slot = hashes[id] & mask;
            while (slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            slots[slot] = id + 1;
        }
    }
}
