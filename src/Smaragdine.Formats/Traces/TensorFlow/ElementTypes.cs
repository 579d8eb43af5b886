using System.Globalization;

namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>Names of tensorflow/core/framework/types.proto's DataType.</summary>
internal static class ElementTypes
{
    /// <summary>Added to a type's number where the tensor is a reference to a variable.</summary>
    private const int Reference = 100;

    /// <summary>`float32` for 1 and for 101; the number itself where it has no name here.</summary>
    public static string NameOf(int dataType) => (dataType > Reference ? dataType - Reference : dataType) switch
    {
        1 => "float32",
        2 => "float64",
        3 => "int32",
        4 => "uint8",
        5 => "int16",
        6 => "int8",
        7 => "string",
        8 => "complex64",
        9 => "int64",
        10 => "bool",
        11 => "qint8",
        12 => "quint8",
        13 => "qint32",
        14 => "bfloat16",
        15 => "qint16",
        16 => "quint16",
        17 => "uint16",
        18 => "complex128",
        19 => "half",
        20 => "resource",
        21 => "variant",
        22 => "uint32",
        23 => "uint64",
        _ => dataType.ToString(CultureInfo.InvariantCulture),
    };
}
