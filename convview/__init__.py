"""What Convscope shows: parameters, controls, scenes, theme and the stage that draws them."""
