"""What people say and write: plain, varied and kind. Every sentence is invented; none blames a child."""

from __future__ import annotations

QUESTIONS = (
    "suicide",
    "crime_suspected",
    "age_infirmity",
    "medication",
    "mental_or_physical_health",
    "mental_health",
    "dementia_neuro",
    "strangers",
    "substance",
    "child_protection",
    "weather",
    "family_conflict",
    "domestic_abuse",
    "community_cultural",
    "recent_violence",
    "school_work_money",
    "forced_marriage",
    "sexual_exploitation",
    "criminal_exploitation",
    "out_of_pattern",
    "known_reason",
    "preparations",
    "unfinished_intentions",
    "earlier_disappearances",
    "danger_to_others",
    "online_contact",
    "other",
)

# Always asked on the telephone; the rest come up or do not.
CORE_QUESTIONS = (
    "suicide",
    "sexual_exploitation",
    "medication",
    "mental_or_physical_health",
    "out_of_pattern",
    "earlier_disappearances",
)

YES = {
    "suicide": "Said last month that they did not want to be here. Seen by a counsellor since.",
    "crime_suspected": "A car was waiting at the end of the road. The registration was not seen.",
    "age_infirmity": "Young for their age and has not been out alone after dark.",
    "medication": "Takes tablets for asthma and left the inhaler at home.",
    "mental_or_physical_health": "Gets very anxious in crowds; has had help from the school nurse.",
    "mental_health": "Low in mood since the summer; is waiting for an appointment.",
    "dementia_neuro": "Is autistic, and does not always answer when called by name.",
    "strangers": "Would find it hard to ask somebody they do not know for help.",
    "substance": "May have been given cannabis by an older acquaintance.",
    "child_protection": "There is a plan in place; the social worker's name is with the authority.",
    "weather": "Went out in a thin jacket. Rain and three degrees are forecast.",
    "family_conflict": "There was an argument about a telephone before they left.",
    "domestic_abuse": "Has seen violence at a former address.",
    "community_cultural": "Feels out of place since the family moved here.",
    "recent_violence": "Was pushed over outside school last week and did not want to report it.",
    "school_work_money": "Has missed most lessons since the half-term holiday.",
    "forced_marriage": "Told a teacher of worries about a journey abroad in the holidays.",
    "sexual_exploitation": "Has new things that nobody can account for and is collected by somebody older.",
    "criminal_exploitation": "Came home with two telephones and money that nobody gave them.",
    "out_of_pattern": "Has always come home by ten and answers the telephone.",
    "known_reason": "Wanted to see a friend who has moved away.",
    "preparations": "Took a bag with clothes and a charger.",
    "unfinished_intentions": "Has an appointment tomorrow that they were looking forward to.",
    "earlier_disappearances": "Has been missing before; the last times are on record.",
    "danger_to_others": "Was very angry with another young person earlier this week.",
    "online_contact": "Has been talking for weeks to somebody met in a game and wanted to meet them.",
    "other": "Has a new telephone whose number the family does not have.",
}

CIRCUMSTANCES = (
    "Left {start} at about {clock} and said they would be back for tea. Not answering the telephone. {last}",
    "Was last seen at {place} with two friends. The friends came home; {they} did not. {last}",
    "Went to school this morning and did not come back to {start}. School says the last lesson was attended. {last}",
    "Was upset after a message on the telephone and left {start} without a coat. {last}",
    "Did not come back to {start} after an activity at {place}. Staff have looked there and called friends. {last}",
    "Was in the bedroom at {clock}; the window was open and the bed empty when the carer looked in. {last}",
    "Got off the bus near {place} at about {clock} and has not been seen since. {last}",
    "Was to stay with a friend. The friend's family say {they} never arrived. {last}",
    "Left {start} after an argument about staying out. Usually calms down within the hour but has not come back. {last}",
    "Was picked up from {start} by somebody in a silver car. The carer does not know who. {last}",
)
LAST_WORDS = (
    "The carer has checked the house, the garden and with two friends.",
    "The telephone rings out; the last message was read an hour ago.",
    "The telephone is off, which is unusual.",
    "Has about five pounds and a bus pass.",
    "A friend thinks there is a party but does not know where.",
    "A brother is out looking and has a photograph.",
    "The social worker's out-of-hours team has been asked what they know.",
    "Staff have sent three messages and had no reply.",
)
AGAIN = "Came back earlier today and has left again, within the hour. {last}"
DUPLICATES = (
    "School calls: not in the first lesson, and the family say they have already told the police.",
    "A grandparent calls about the same child. Nothing new but a coat: dark green, with a hood.",
    "The night worker calls again for the home, not knowing that the evening worker had.",
    "A friend's mother calls: heard that the child is missing and saw them near the market at six.",
)
CLOTHING = (
    "Grey hooded top, black leggings, white trainers.",
    "School uniform with a navy blazer.",
    "Blue jeans, green parka, rucksack.",
    "Black tracksuit with a white stripe.",
    "Red puffer jacket, jeans, black boots.",
    "Denim jacket, striped top, canvas shoes.",
)

RATIONALE = {
    "high": (
        "Serious harm is very likely: who they may be with, and they cannot get help by themselves.",
        "Very young, out at night and not dressed for the cold; nobody has heard from them.",
        "There are signs of exploitation by an older person, and contact has stopped altogether.",
    ),
    "medium": (
        "Harm is likely but not serious: out late with people not known to the carer, telephone off.",
        "Has come to harm before when away from home; no immediate threat known now.",
        "Usual pattern, but risk from places and people there is real, so enquiries go on through the shift.",
    ),
    "cannot_be_assessed": ("Too little is known of where they went and with whom. Enquiries are set to find out; unknown is not low.",),
    "low": (
        "Harm is possible but minimal: with a known relative, whose address is being visited.",
        "Has called to say they are on the way back; not yet seen.",
    ),
    "very_low": (
        "No apparent risk of harm: a parent knows where they are going and travels to meet them.",
        "Late from an arranged visit and in touch by message; wellbeing to be confirmed in person.",
    ),
}
STEPS_AGREED = {
    "high": "Units to the last known place now; telephone, bank and social media enquiries; inspector to look at first lines.",
    "medium": ("Visit home and friends, check CCTV at the last place, speak to the social worker, call the carer each two hours."),
    "cannot_be_assessed": "Speak to the carer and two friends within the hour, read what is held, then grade again.",
    "low": "Visit the relative's address; carer to call when there is news.",
    "very_low": "Carer to call by the time agreed; if not back by then, look at the grade again.",
}
RELIED_ON = (
    "what the carer said in the call",
    "earlier episodes on record",
    "the home's own plan for the child",
    "intelligence held",
    "what the school said",
    "what a friend said",
    "the social worker's view",
    "custody and hospital checks",
)
UP = (
    "A friend says they are with an older person who is known to the force.",
    "Six hours without a sign, and colder than forecast.",
    "Threats have been found in messages.",
)
DOWN = (
    "A relative has spoken to them and is with them; officers are on the way.",
    "Seen on CCTV with two friends, well and on the way home.",
    "Has called the carer twice and says where they are; to be confirmed in person.",
)

WHERE_FOUND = (
    "at home",
    "at a friend's address",
    "at the railway station",
    "at the bus station",
    "at a relative's address",
    "in the town centre",
    "at the skate park",
    "at the retail park",
    "in a car stopped by officers",
    "at a flat in another town",
)
CHILD_SAID = (
    "I just needed to get away from everybody for a bit.",
    "I was with my mates and my phone died.",
    "Nobody asked me if I wanted to move.",
    "I went to see my nan, I miss her.",
    "I do not want to say where I was.",
    "They said I could stay there, it was fine.",
    "I was going to come back but I was scared of being told off.",
    "School is horrible at the moment.",
)
HARM = (
    "none seen or said",
    "none seen or said",
    "none seen or said",
    "none seen or said",
    "a bruise on the arm, says from a fall; referred",
    "given alcohol by somebody older; referred",
)
FOUND = (
    "Read the log and spoke to the officer in the case; lines are being worked.",
    "Spoke to the carer: nothing new. CCTV still to be viewed.",
    "Friend named in the first call had not been visited.",
    "Grade is right; telephone data is awaited.",
)
PLAN = (
    "Late shift to visit the friend's address.",
    "CCTV at the bus station by noon; carer called each two hours.",
    "Ask the social worker for the family's addresses.",
    "Search the riverside path in daylight.",
)
NOT_HELD = (
    "The authority could not reach the family in time.",
    "The child had moved out of the area.",
    "The authority had no worker to hold it.",
    "The child was missing again before it could be held.",
)
HANDOVER = (
    "Carer is called each two hours; next is on the hour.",
    "CCTV is asked for and not yet seen.",
    "Friend's address not yet visited.",
    "Social worker calls back before nine.",
    "Mother was promised a call at breakfast time.",
)
POWER = "Children Act 2004 section 11; working together guidance"
