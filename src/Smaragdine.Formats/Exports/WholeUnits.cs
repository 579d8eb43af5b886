namespace Smaragdine.Formats.Exports;

/// <summary>
/// Rounds amounts, none negative, to whole units for formats that have only integers. What rounding takes from one it gives to the next, so
/// that an amount is off by less than one unit and the sum of all by at most half a unit, however many there are.
/// </summary>
internal struct WholeUnits
{
    private double owed;

    public long Next(double amount)
    {
        double exact = amount + owed;
        double whole = Math.Round(exact);
        owed = exact - whole;
        return (long)whole;
    }
}
