"""What knows nothing of any particular transform: parameters, targets, randomness, composition, serialization.

The nouns, each in the file that is named:

Node (run.py): what can be called with data, a transform or a container of nodes. The outermost node rules a call.
Param, Declared (params.py): an argument of a constructor, written once as a class attribute; a class made of them.
Kind, Target (targets.py): what data can be (image, mask, volume, boxes ...); a name in a call, and what it holds.
Settings, Plan (plan.py): what the outermost node decides for a call; how the names of a call are walked, found once.
Step (plan.py): what one transform does to one target, found once a plan.
Call (plan.py): what one call carries along: its plan, generator, rows, held tables and trace.
Rows (rows.py): what boxes or keypoints carry beside their coordinates: extras, labels, what was visible.
Processor (utils.py, bbox_utils.py, keypoints_utils.py): how rows are read, filtered and written.
Held (fuse.py): tables of pointwise transforms that wait until something needs the pixels.
Source (random.py): the random stream of a pipeline; `current` shows the generator of the call under way.
Trace (plan.py, replay.py): what was applied with which numbers; a record is a trace beside the pipeline's description,
    and records.py reads those of older releases.

A call: `Node.__call__` finds the plan and checks the data; `_execute` unpacks rows, runs the nodes and packs; a
transform tosses its coin (`_run`), draws (`_draw`), and changes the targets (`_transform`).
"""
