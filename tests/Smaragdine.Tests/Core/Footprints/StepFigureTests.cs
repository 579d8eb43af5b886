using Smaragdine.Footprints;

namespace Smaragdine.Tests.Core.Footprints;

public sealed class StepFigureTests
{
    [Fact]
    public void Mean_and_sample_standard_deviation_are_over_steps()
    {
        StepFigure figure = Rows.Figure(2, 4, 4, 4, 5, 5, 7, 9);
        figure.Mean.ShouldBe(5);
        figure.Total.ShouldBe(40);
        figure.StandardDeviation!.Value.ShouldBe(Math.Sqrt(32.0 / 7), 1e-12);
    }

    [Fact]
    public void One_step_has_no_plus_minus_and_none_has_no_mean()
    {
        Rows.Figure(3).StandardDeviation.ShouldBeNull();
        new StepFigure(0).StandardDeviation.ShouldBeNull();
        new StepFigure(0).Mean.ShouldBe(0);
    }

    [Fact]
    public void Figures_add_step_by_step_so_that_the_sd_is_of_the_sums()
    {
        StepFigure sum = Rows.Figure(1, 3);
        sum.Add(Rows.Figure(3, 1));
        sum.Mean.ShouldBe(4);
        sum.StandardDeviation.ShouldBe(0);
    }

    [Fact]
    public void A_figure_in_other_units_leaves_the_first_as_it_is()
    {
        StepFigure seconds = Rows.Figure(1, 2);
        seconds.Scaled(1000).Total.ShouldBe(3000);
        seconds.Total.ShouldBe(3);
        seconds.Steps.ShouldBe(2);
    }
}
