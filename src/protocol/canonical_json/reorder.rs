//! The second pass: objects whose members move are noted while the draft is written, and moved all at once at the end, so
//! that no nesting makes a byte travel more than once.

use std::ops::Range;

use super::member::Member;

/// The objects of a draft that are not in canonical order.
#[derive(Default)]
pub(super) struct Moves {
    objects: Vec<MovedObject>,
    /// The members of all moved objects, each object's in canonical order.
    pieces: Vec<Range<u32>>,
}

struct MovedObject {
    /// Offset in the draft of what follows the `{`.
    start: u32,
    /// Offset of the `}`.
    end: u32,
    pieces: Range<u32>,
}

/// What is left to write of a moved object.
struct Unfinished {
    pieces: Range<u32>,
    /// What follows its last piece, from the `}` to the end of the piece of its parent.
    tail: Range<u32>,
}

impl Moves {
    /// Notes the canonical order of an object that spans `start..end` between its braces.
    pub(super) fn push(&mut self, object: Range<u32>, members: &[Member]) {
        let first = self.pieces.len() as u32;
        self.pieces.extend(members.iter().map(|member| member.start..member.end));
        let pieces = first..self.pieces.len() as u32;
        self.objects.push(MovedObject { start: object.start, end: object.end, pieces });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// The draft with every object in canonical order.
    pub(super) fn apply(mut self, draft: String) -> String {
        if self.objects.is_empty() {
            return draft;
        }
        self.objects.sort_unstable_by_key(|object| object.start);
        let mut text = String::with_capacity(draft.len());
        let mut open: Vec<Unfinished> = Vec::new();
        let mut span = 0..draft.len() as u32;
        loop {
            match self.first_within(&span) {
                Some(object) => {
                    text.push_str(slice(&draft, span.start..object.start));
                    open.push(Unfinished { pieces: object.pieces.clone(), tail: object.end..span.end });
                }
                None => text.push_str(slice(&draft, span)),
            }
            let Some(object) = open.last_mut() else { return text };
            if let Some(piece) = object.pieces.next() {
                if !text.ends_with('{') {
                    text.push(',');
                }
                span = self.pieces[piece as usize].clone();
            } else {
                span = object.tail.clone();
                open.pop();
            }
        }
    }

    fn first_within(&self, span: &Range<u32>) -> Option<&MovedObject> {
        let next = self.objects.partition_point(|object| object.start <= span.start);
        self.objects.get(next).filter(|object| object.start < span.end)
    }
}

fn slice(draft: &str, range: Range<u32>) -> &str {
    &draft[range.start as usize..range.end as usize]
}
